# asyncmend: --target-version 3.12
import asyncio


async def insert(conn, row):
    await conn.execute("insert", row)


async def save(pool, header, lines):
    async with pool.acquire() as conn, conn.transaction():
        await asyncio.gather(insert(conn, header), *(insert(conn, line) for line in lines))
