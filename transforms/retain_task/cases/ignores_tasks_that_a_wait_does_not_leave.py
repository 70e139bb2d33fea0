import asyncio


async def all_of(job):
    await asyncio.wait([asyncio.create_task(job())])
    await asyncio.wait([asyncio.create_task(job())], timeout=None)
    await asyncio.wait(
        [asyncio.create_task(job())], return_when=asyncio.ALL_COMPLETED
    )


async def first(job, other):
    done, pending = await asyncio.wait(
        [asyncio.create_task(job()), asyncio.create_task(other())],
        return_when=asyncio.FIRST_COMPLETED,
    )
    for task in pending:
        task.cancel()
    return done


async def race(job, other):
    done, _ = await asyncio.wait(
        [asyncio.create_task(job()), asyncio.create_task(other())],
        timeout=3,
        return_when=asyncio.FIRST_COMPLETED,
    )
    return done


async def only_wait(event, reader):
    await asyncio.wait([asyncio.create_task(event.wait())], timeout=3)
    await asyncio.wait([asyncio.gather(reader)], timeout=3)


async def asked(job, other):
    done, pending = await asyncio.wait(
        [asyncio.create_task(job()), asyncio.create_task(other())], timeout=3
    )
    for task in pending:
        task.cancel()


async def cancelled(job):
    task = asyncio.create_task(job())
    await asyncio.wait([task], timeout=3)
    task.cancel()


async def again(job):
    task = asyncio.create_task(job())
    while True:
        await asyncio.wait([task], timeout=3)
        print("still there")


async def given_back(job):
    return await asyncio.wait([asyncio.create_task(job())], timeout=3)
