# asyncmend: --target-version 3.11 --set wait-for.style=idiom
import asyncio


async def session(connection):
    try:
        await connection.serve()
    finally:
        await asyncio.wait_for(connection.close(), timeout=5)
