import asyncio

loop = asyncio.new_event_loop()


def announce(report):
    spawn = loop.create_task
    spawn(report())
    start: object = asyncio.create_task
    start(report())
    {name: asyncio.create_task(report(name)) for name in ("a", "b")}
