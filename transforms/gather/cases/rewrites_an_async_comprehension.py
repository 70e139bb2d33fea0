import asyncio


async def index(document):
    await asyncio.sleep(0)
    return document


async def index_feed(feed):
    await asyncio.gather(*[index(document) async for document in feed])
