import asyncio


async def serve():
    await asyncio.sleep(1)


def main():
    loop = asyncio.new_event_loop()
    task = loop.create_task(serve())
    loop.run_forever()


def main_too():
    loop = asyncio.new_event_loop()
    loop.run_until_complete(serve())
    _ = loop.create_task(serve())
    try:
        loop.run_until_complete(serve())
    finally:
        loop.close()
