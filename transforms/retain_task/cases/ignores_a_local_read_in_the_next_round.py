import asyncio


async def pipeline(pages, store):
    previous = None
    for page in pages:
        if previous:
            await previous
        previous = asyncio.create_task(store(page))
