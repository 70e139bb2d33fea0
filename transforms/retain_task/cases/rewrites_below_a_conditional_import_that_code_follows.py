import asyncio

try:
    import uvloop
except ImportError:
    uvloop = None
servers = []


async def serve(server):
    servers.append(server)
    if uvloop is None:
        asyncio.create_task(server.report("running on the default loop"))
    await server.run()
