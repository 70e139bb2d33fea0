import asyncio


def start(broker):
    loop = asyncio.get_event_loop()
    _ = loop.create_task(broker.run())  # ruff: ignore[asyncio-dangling-task]
    loop.create_task(broker.watch())  # ruff: ignore[RUF006, E501]
    loop.run_forever()
