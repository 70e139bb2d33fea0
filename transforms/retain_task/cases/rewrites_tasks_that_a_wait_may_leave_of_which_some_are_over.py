import asyncio


async def in_a_conjunction(start):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if task.done() and task.exception():
        raise task.exception()


async def in_a_conditional_expression(start):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    return task.result() if task.done() else None


async def in_the_other_branch(start):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if not task.done():
        print("late")
    else:
        return task.result()


async def in_a_later_clause(start, is_quiet):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if is_quiet:
        return None
    elif task.done():
        return task.result()


async def behind_a_return(start, is_quiet):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if not task.done():
        return None
    if not is_quiet:
        print("on time")
        return task.result()


async def behind_one_of_several_reasons(start, is_quiet):
    task = asyncio.ensure_future(start())
    await asyncio.wait([task], timeout=1)
    if is_quiet or not task.done():
        raise TimeoutError
    return not task.done() or task.result()
