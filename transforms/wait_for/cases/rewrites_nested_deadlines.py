import asyncio


async def download(client, url):
    body = await asyncio.wait_for(asyncio.wait_for(client.get(url), timeout=5), timeout=10)
    return body
