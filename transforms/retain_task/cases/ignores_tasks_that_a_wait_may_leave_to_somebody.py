import asyncio


async def where_it_may_not_be_over(start, is_quiet):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if task.done() or is_quiet:
        return task
    return None


async def where_it_is_not_over(start):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    return None if task.done() else task


async def behind_what_goes_on(start):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if not task.done():
        print("late")
    return task


async def behind_one_reason_of_two(start, is_quiet):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if is_quiet and not task.done():
        return None
    return task


async def before_it_is_asked(start):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    return task and task.done()


async def where_another_was_asked(start, other):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if other.done():
        return task
    return None
