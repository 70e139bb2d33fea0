import asyncio


async def where_it_is_not_over(start):
    task = asyncio.ensure_future(start())
    done, pending = await asyncio.wait([task], timeout=1)
    if task not in done:
        return task
    return None


async def where_it_is_pending(start):
    task = asyncio.ensure_future(start())
    _, pending = await asyncio.wait([task], timeout=1)
    return task if pending else None


async def where_another_may_be_over(start, other):
    task = asyncio.ensure_future(start())
    done, _ = await asyncio.wait([task, other], timeout=1)
    if not done:
        return None
    return task


async def where_others_are_over(start, others):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    _, pending = await asyncio.wait(others, timeout=1)
    if pending:
        return None
    return task


async def among_some(start, tasks):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if task in tasks:
        return task
    return None


async def where_what_is_pending_is_stopped(start):
    task = asyncio.ensure_future(start())
    done, pending = await asyncio.wait([task], timeout=1)
    if task in done:
        return task.result()
    for late in pending:
        late.cancel()
    return None
