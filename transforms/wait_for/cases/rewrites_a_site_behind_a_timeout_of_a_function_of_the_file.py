import asyncio
import contextlib


@contextlib.asynccontextmanager
async def connected(source):
    async with asyncio.timeout(5):
        await source.connect()
    yield source


async def read(sources):
    async with connected(sources):
        return [await asyncio.wait_for(source.read(), 5) for source in sources]
