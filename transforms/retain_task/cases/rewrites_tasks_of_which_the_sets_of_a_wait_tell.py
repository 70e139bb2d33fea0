import asyncio


async def among_those_that_are_over(start):
    task = asyncio.ensure_future(start())
    done, pending = await asyncio.wait([task], timeout=1)
    if task in done:
        return task.result()
    return None


async def behind_those_that_are_not(start):
    task = asyncio.ensure_future(start())
    done, _ = await asyncio.wait({task}, timeout=1)
    if task not in done:
        raise TimeoutError
    return task.result()


async def not_among_those_that_are_pending(start):
    task = asyncio.ensure_future(start())
    _, pending = await asyncio.wait((task,), timeout=1)
    if task in pending:
        return None
    return task.result()


async def where_none_is_pending(start, other):
    task = asyncio.ensure_future(start())
    done, pending = await asyncio.wait([task, other], timeout=1)
    if pending:
        raise TimeoutError
    return task.result()


async def where_one_is_over(start):
    task = asyncio.ensure_future(start())
    done, _ = await asyncio.wait([task], timeout=1)
    return task.result() if done else None


async def each_of_two(start, stop):
    starting = asyncio.ensure_future(start())
    stopping = asyncio.ensure_future(stop())
    done, _ = await asyncio.wait([starting, stopping], timeout=1)
    if starting in done:
        print(starting.result())
    if stopping in done:
        print(stopping.result())
