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


def wait_for_a_parameter(loop, future):
    future = asyncio.ensure_future(future, loop=loop)
    try:
        loop.run_forever()
    finally:
        print("stopped")
    if not future.done():
        raise RuntimeError("stopped before it was over")
    return future.result()
