import asyncio


def feed(queue: asyncio.Queue[int], loop: asyncio.AbstractEventLoop) -> None:
    asyncio.run_coroutine_threadsafe(queue.put(1), loop)
    print("put")
