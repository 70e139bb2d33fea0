import asyncio


async def serve(server, watch):
    watcher = None
    if watch:
        watcher = asyncio.create_task(server.watch())
    await server.run()
    if watcher is not None:
        await watcher
