# asyncmend: --target-version 3.8
import asyncio


async def compare(client, old_url, new_url):
    together = asyncio.gather
    old, new = await together(client.get(old_url), client.get(new_url))
    return old == new
