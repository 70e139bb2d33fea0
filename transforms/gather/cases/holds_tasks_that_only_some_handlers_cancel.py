import asyncio


async def fetch(page):
    await asyncio.sleep(0)
    return page


async def one_failure_goes_past(pages):
    tasks = [asyncio.create_task(fetch(page)) for page in pages]
    try:
        await asyncio.gather(*tasks)
    except LookupError:
        print("no such page")
    except Exception:
        for task in tasks:
            task.cancel()
        raise


async def only_when_cancelled(pages):
    tasks = [asyncio.create_task(fetch(page)) for page in pages]
    try:
        await asyncio.gather(*tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        raise
