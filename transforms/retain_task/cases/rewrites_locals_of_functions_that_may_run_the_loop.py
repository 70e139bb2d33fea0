import asyncio


async def serve():
    await asyncio.sleep(1)


def serve_all(ports):
    loop = asyncio.new_event_loop()
    for port in ports:
        task = loop.create_task(serve())
    loop.run_forever()


def serve_both():
    loop = asyncio.new_event_loop()
    task = loop.create_task(serve())
    task = loop.create_task(serve())
    loop.run_forever()


def serve_if_asked(block):
    loop = asyncio.get_event_loop()
    task = loop.create_task(serve())
    if block:
        loop.run_forever()


def serve_later():
    loop = asyncio.get_event_loop()
    task = loop.create_task(serve())

    def run():
        loop.run_forever()

    return run
