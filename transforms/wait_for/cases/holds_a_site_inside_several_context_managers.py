import asyncio


async def query(pool, sql, patience):
    async with asyncio.timeout(30), pool.acquire() as connection:
        rows = await asyncio.wait_for(connection.fetch(sql), timeout=patience)
    return rows
