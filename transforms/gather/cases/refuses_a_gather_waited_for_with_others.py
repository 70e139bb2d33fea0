import asyncio


async def work(item):
    await asyncio.sleep(0)


async def work_until(stopped, items):
    working = asyncio.gather(*[work(item) for item in items])
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
