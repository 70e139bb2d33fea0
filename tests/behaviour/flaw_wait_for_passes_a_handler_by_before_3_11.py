# asyncmend: --target-version 3.8 --accept handled-cancellation
"""Why `handled-cancellation` is held back: the handler would have taken the cancellation."""
import asyncio


async def closed(acknowledged):
    try:
        await asyncio.wait_for(acknowledged, 1)
    except (asyncio.TimeoutError, asyncio.CancelledError):
        print("taken")
    print("goes on")
    await asyncio.sleep(0)
    print("closed")


async def main():
    acknowledged = asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(closed(acknowledged))
    await asyncio.sleep(0)
    acknowledged.set_result(None)
    print("cancel:", task.cancel())
    await asyncio.wait([task])
    print("cancelled:", task.cancelled())


asyncio.run(main())
