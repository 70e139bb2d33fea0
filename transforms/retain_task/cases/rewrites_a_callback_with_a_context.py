import asyncio


def start(context, work):
    loop = asyncio.get_running_loop()
    loop.call_later(5, asyncio.create_task, work(), context=context)
