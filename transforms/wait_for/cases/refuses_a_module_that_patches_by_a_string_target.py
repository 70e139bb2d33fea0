import asyncio


async def check_expiry(monkeypatch, client, expire):
    monkeypatch.setattr("asyncio.wait_for", expire)
    await asyncio.wait_for(client.ping(), timeout=5)
