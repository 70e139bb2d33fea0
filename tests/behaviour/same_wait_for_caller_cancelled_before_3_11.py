# asyncmend: --target-version 3.9
"""The cleanup of the inner one is waited for, and goes on if the caller is cancelled twice."""
import asyncio


async def inner(turns):
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        for turn in range(turns):
            await asyncio.sleep(0)
            print("inner: cleaning up", turn)


async def caller(turns):
    try:
        await asyncio.wait_for(inner(turns), 5)
    finally:
        print("caller: goes on")


async def failing():
    await asyncio.sleep(0)
    raise KeyError("missing")


async def main():
    for turns in (0, 3):
        task = asyncio.ensure_future(caller(turns))
        for _ in range(4):
            await asyncio.sleep(0)
        print("cancel:", task.cancel())
        await asyncio.wait([task])
        print("cancelled:", task.cancelled())
    task = asyncio.ensure_future(caller(4))
    for cancels in range(2):
        for _ in range(4):
            await asyncio.sleep(0)
        print("cancel:", task.cancel())
    await asyncio.wait([task])
    print("cancelled:", task.cancelled())
    for _ in range(8):
        await asyncio.sleep(0)
    results = await asyncio.gather(asyncio.wait_for(failing(), 5), return_exceptions=True)
    print([repr(result) for result in results])


asyncio.run(main())
