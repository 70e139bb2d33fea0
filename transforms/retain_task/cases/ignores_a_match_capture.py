# asyncmend: --target-version 3.10
import asyncio


async def serve(server):
    match asyncio.create_task(server.watch()):
        case watcher:
            await server.run()
            watcher.cancel()
