# asyncmend: --target-version 3.10
import asyncio


async def check_ping(monkeypatch, client):
    async def at_once(aw, timeout):
        return await aw

    monkeypatch.setattr(asyncio, "wait_for", at_once)
    return await asyncio.wait_for(client.ping(), timeout=5)
