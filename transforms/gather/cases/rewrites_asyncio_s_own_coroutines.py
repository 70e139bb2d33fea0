import asyncio


async def read_both(host, port, blob):
    connection, digest = await asyncio.gather(
        asyncio.open_connection(host, port), asyncio.to_thread(hash, blob)
    )
    return connection, digest
