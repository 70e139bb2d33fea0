import asyncio


async def stop(server, graceful):
    if graceful: await asyncio.wait_for(server.drain(), timeout=10)
    server.close()
