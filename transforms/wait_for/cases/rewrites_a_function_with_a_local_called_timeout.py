from asyncio import wait_for


async def fetch(client, url):
    timeout = 30
    response = await wait_for(client.get(url), timeout=timeout)
    return response, timeout
