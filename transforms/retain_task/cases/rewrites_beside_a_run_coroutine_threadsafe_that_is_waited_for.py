import asyncio


def feed(queue: asyncio.Queue[int], loop: asyncio.AbstractEventLoop) -> None:
    asyncio.run_coroutine_threadsafe(queue.put(1), loop).result()


def feed_another(queue: asyncio.Queue[int], loop: asyncio.AbstractEventLoop) -> None:
    fed = asyncio.run_coroutine_threadsafe(queue.put(1), loop)
    print("fed", fed.result())


async def start(queue: asyncio.Queue[int]) -> None:
    asyncio.create_task(queue.join())
    print("started")
