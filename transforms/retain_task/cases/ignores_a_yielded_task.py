import asyncio


async def prefetched(urls, fetch):
    for url in urls:
        yield asyncio.create_task(fetch(url))
