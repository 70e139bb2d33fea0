import asyncio


def announce(loops, report):
    while loops:
        loop = asyncio.new_event_loop()
        loop.call_soon(loop.create_task, report(loop))
        loops -= 1


class Board:
    loop = asyncio.new_event_loop()
    loop.call_soon(loop.create_task, print())
