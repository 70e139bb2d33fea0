import asyncio

wait_for = asyncio.wait_for


async def query(connection, sql):
    rows = await wait_for(connection.fetch(sql), 15)
    return rows
