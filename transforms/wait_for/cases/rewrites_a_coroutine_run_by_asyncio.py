import asyncio


def fetch(client, url):
    return asyncio.run(asyncio.wait_for(client.get(url), timeout=5))
