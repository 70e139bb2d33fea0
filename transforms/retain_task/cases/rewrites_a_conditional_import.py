import asyncio

try:
    import uvloop
except ImportError:
    uvloop = None


async def serve(server):
    if uvloop is None:
        asyncio.create_task(server.report("running on the default loop"))
    await server.run()
