# asyncmend: --target-version 3.9
"""The same with a helper: a queue's item that came in that turn is handled, then work stops."""
import asyncio


async def consumer(queue, handled):
    while True:
        try:
            item = await asyncio.wait_for(queue.get(), 0.05)
        except asyncio.TimeoutError:
            print("expired: nobody had cancelled, it seems")
            return
        handled.append(item)


async def main():
    queue, handled = asyncio.Queue(), []
    task = asyncio.ensure_future(consumer(queue, handled))
    for _ in range(4):
        await asyncio.sleep(0)
    queue.put_nowait("first")
    print("cancel:", task.cancel())
    await asyncio.wait([task])
    print("cancelled:", task.cancelled())
    print("lost:", 1 - len(handled) - queue.qsize())


asyncio.run(main())
