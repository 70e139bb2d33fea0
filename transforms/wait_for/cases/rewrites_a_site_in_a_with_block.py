import asyncio
import contextlib


async def warm_up(pool):
    async with pool.acquire() as connection:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(connection.execute("select 1"), timeout=3)
