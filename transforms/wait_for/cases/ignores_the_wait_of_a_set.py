import asyncio


async def first(left, right):
    done, pending = await asyncio.wait({left, right}, timeout=5)
    for task in pending:
        task.cancel()
    return done
