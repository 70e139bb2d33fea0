# asyncmend: --target-version 3.9
import asyncio
from unittest import mock


async def wait_for(self, predicate):
    return True


class PingTest:
    async def check_condition(self, client, monkeypatch):
        monkeypatch.setattr(asyncio.Condition, "wait_for", wait_for)
        with mock.patch("asyncio.locks.Condition.wait_for"):
            await asyncio.wait_for(client.ping(), self.limit)
