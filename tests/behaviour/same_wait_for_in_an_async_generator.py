"""Values, expiries, what is sent in, and an early end of an async generator."""
import asyncio
import contextlib


async def orders(queue):
    try:
        while True:
            try:
                order = await asyncio.wait_for(queue.get(), 0.02)
            except asyncio.TimeoutError:
                print("nothing came")
                return
            yield order
    finally:
        print("generator closed")


async def commands(queue):
    aborted = None
    while not aborted:
        aborted = yield await asyncio.wait_for(queue.get(), timeout=5)
        print("sent in:", aborted)


async def main():
    queue = asyncio.Queue()
    for number in range(3):
        queue.put_nowait(number)
    print([order async for order in orders(queue)])
    for name in ("go", "stop", "rest"):
        queue.put_nowait(name)
    received = commands(queue)
    print(await received.__anext__(), await received.asend(None))
    try:
        await received.asend("enough")
    except StopAsyncIteration:
        print("ended", queue.qsize())
    left = orders(queue)
    async for order in left:
        print("only", order)
        break
    await left.aclose()
    with contextlib.suppress(asyncio.TimeoutError):
        while True:
            print(await asyncio.wait_for(queue.get(), 0.01))
    print("suppressed")


asyncio.run(main())
