from __future__ import annotations

import asyncio
import typing

if typing.TYPE_CHECKING:
    import datetime

    class Clock(typing.Protocol):
        def now(self) -> datetime.datetime: ...

        async def wait_for(self, at: datetime.datetime) -> None: ...


class Mailer:
    async def send(self, clock: Clock) -> None:
        asyncio.create_task(self.log(clock.now()))
        print("sent")

    async def log(self, at: datetime.datetime) -> None:
        print(at)
