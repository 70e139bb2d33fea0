import asyncio


async def flush(journal):
    await journal.drain()


async def close(journal):
    await asyncio.shield(asyncio.create_task(flush(journal)))


async def close_in_time(journal):
    await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(flush(journal))), 3)


async def close_later(journal):
    task = asyncio.create_task(flush(journal))
    print(task)
    return await asyncio.shield(task)


async def close_each(journals):
    for journal in journals:
        task = asyncio.create_task(flush(journal))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            print("goes on")
            raise


async def close_both(one, other):
    both = asyncio.gather(flush(one), flush(other), return_exceptions=True)
    await asyncio.shield(both)


async def close_one_by_one(one, other):
    first = asyncio.create_task(flush(one))
    await asyncio.shield(asyncio.gather(first, flush(other)))
