import asyncio


async def serve(server):
    heartbeat = asyncio.create_task(server.beat())
    try:
        await server.run()
    finally:
        heartbeat.cancel()
