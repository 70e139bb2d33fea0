"""Whoever cancels a task that gathers reaches its children, and the task counts as cancelled."""
import asyncio

log = []


async def child(name):
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        log.append(name + " cancelled")
        raise
    finally:
        log.append(name + " cleaned up")


async def caller():
    try:
        await asyncio.gather(child("a"), child("b"), child("c"))
    except asyncio.CancelledError:
        print("caller: cancelled")
        raise
    finally:
        print("caller: cleaned up")


async def stubborn():
    try:
        both = await asyncio.gather(*[child(name) for name in ("d", "e")])
    except asyncio.CancelledError:
        return "cancelled, and came back"
    return both


async def main():
    for work in (caller, stubborn):
        task = asyncio.ensure_future(work())
        for _ in range(5):
            await asyncio.sleep(0)
        print("cancel:", task.cancel())
        await asyncio.wait([task])
        print("cancelled:", task.cancelled(), None if task.cancelled() else task.result())
        for _ in range(5):
            await asyncio.sleep(0)
        print(sorted(log))
        log.clear()


asyncio.run(main())
