import asyncio


async def index(document):
    await asyncio.sleep(0)
    return document


async def index_all(documents):
    tasks = [index(document) for document in documents]
    indexed = await asyncio.gather(*tasks)
    return len(indexed)
