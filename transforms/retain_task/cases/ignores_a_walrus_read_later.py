import asyncio


async def serve(server):
    if (watcher := asyncio.create_task(server.watch())) and server.debug:
        server.log("watching")
    await server.run()
    watcher.cancel()
