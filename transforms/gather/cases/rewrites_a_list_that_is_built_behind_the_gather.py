import asyncio


async def index(document):
    await asyncio.sleep(0)
    return document


async def index_again(batches):
    for documents in batches:
        await asyncio.gather(*tasks)
        tasks = [index(document) for document in documents]
