import asyncio


def make_reader(simulated):
    async def read(stream):
        asyncio = simulated
        return await asyncio.wait_for(stream.read(), 5)

    return read, asyncio.sleep
