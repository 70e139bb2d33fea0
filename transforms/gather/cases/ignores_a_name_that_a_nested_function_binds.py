import asyncio


def make_runner(gatherer):
    async def run(left, right):
        asyncio = gatherer
        return await asyncio.gather(left(), right())

    return run, asyncio.sleep
