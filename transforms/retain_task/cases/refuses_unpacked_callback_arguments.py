import asyncio


def announce_later(delay, arguments):
    loop = asyncio.get_running_loop()
    loop.call_later(delay, loop.create_task, *arguments)
