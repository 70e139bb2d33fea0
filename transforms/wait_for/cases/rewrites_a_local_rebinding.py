import asyncio


async def fetch(client, url):
    within = asyncio.wait_for
    head = await within(client.head(url), 5)
    return head, await within(client.get(url), head.patience)
