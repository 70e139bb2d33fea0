# asyncmend: --target-version 3.8
"""The order of the cancellations is gather's; a slow cleanup is neither hurried nor cut short."""
import asyncio


async def child(name, turns):
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        print(name, "begins to clean up")
        for _ in range(turns):
            await asyncio.sleep(0)
        print(name, "cleaned up")


async def caller():
    try:
        await asyncio.gather(child("a", 6), child("b", 1), child("c", 3))
    finally:
        print("caller goes on")


async def stopped():
    raise asyncio.CancelledError


async def main():
    task = asyncio.ensure_future(caller())
    for _ in range(5):
        await asyncio.sleep(0)
    print("cancel:", task.cancel())
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled:", task.cancelled())
    for _ in range(12):
        await asyncio.sleep(0)
    try:
        await asyncio.gather(child_done("d"), stopped())
    except asyncio.CancelledError:
        print("a child that cancels itself cancels the await")


async def child_done(name):
    print(name, "done")


asyncio.run(main())
