"""A cancelled caller stops what it waits for, first; nothing finishes in that turn."""
import asyncio


async def inner():
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        print("inner: cancelled")
        raise
    finally:
        print("inner: cleaned up")


async def caller():
    try:
        await asyncio.wait_for(inner(), 5)
    except asyncio.TimeoutError:
        print("never reached")
    except asyncio.CancelledError:
        print("caller: cancelled")
        raise


async def forgiving():
    try:
        return await asyncio.wait_for(inner(), timeout=5)
    except asyncio.CancelledError:
        return "came back"


async def main():
    for work in (caller, forgiving):
        task = asyncio.ensure_future(work())
        for _ in range(4):
            await asyncio.sleep(0)
        print("cancel:", task.cancel())
        await asyncio.wait([task])
        print("cancelled:", task.cancelled(), None if task.cancelled() else task.result())
    early = asyncio.ensure_future(caller())
    early.cancel()
    await asyncio.wait([early])
    print("before it began:", early.cancelled())


asyncio.run(main())
