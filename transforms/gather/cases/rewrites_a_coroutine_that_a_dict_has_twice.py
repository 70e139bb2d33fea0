import asyncio


async def work():
    await asyncio.sleep(0)
    return 1


async def main():
    coro = work()
    twice = {key: coro for key in "ab"}
    return await asyncio.gather(*twice.values())
