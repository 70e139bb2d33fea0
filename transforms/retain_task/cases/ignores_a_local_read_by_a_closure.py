import asyncio


async def watch(source):
    task = asyncio.create_task(source.poll())

    def stop():
        task.cancel()

    source.on_close(stop)


async def follow(source):
    task = asyncio.create_task(source.poll())
    source.on_close(lambda: task.cancel())
