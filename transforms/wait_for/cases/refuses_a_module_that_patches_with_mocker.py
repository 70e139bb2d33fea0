import asyncio


async def check_expiry(mocker, client):
    expire = mocker.patch("app.client.asyncio.wait_for", autospec=True)
    await asyncio.wait_for(client.ping(), 5)
    expire.assert_awaited_once()
