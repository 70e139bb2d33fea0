import asyncio


async def serve(server):
    try:
        await server.run()
    finally:
        await asyncio.wait_for(server.close(), timeout=10)
