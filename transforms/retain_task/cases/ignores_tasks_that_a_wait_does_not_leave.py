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


async def all_of_a_list(jobs):
    tasks = [asyncio.create_task(job()) for job in jobs]
    await asyncio.wait(tasks)


async def cancelled_in_a_list(jobs):
    tasks = [asyncio.create_task(job()) for job in jobs]
    await asyncio.wait(tasks, timeout=3)
    for task in tasks:
        task.cancel()


async def asked_for_a_list(jobs):
    tasks = [asyncio.create_task(job()) for job in jobs]
    done, pending = await asyncio.wait(tasks, timeout=3)
    return pending


async def a_list_again(jobs):
    tasks = [asyncio.create_task(job()) for job in jobs]
    while True:
        await asyncio.wait(tasks, timeout=3)


async def a_longer_list_again(jobs):
    tasks = []
    async for job in jobs:
        tasks.append(asyncio.create_task(job()))
        await asyncio.wait(tasks, timeout=3)


async def a_list_of_what_only_waits(events):
    tasks = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(tasks, timeout=3)


async def held_in_a_list_too(app, jobs):
    tasks = []
    for job in jobs:
        task = asyncio.create_task(job())
        tasks.append(task)
        app.tasks.add(task)
    await asyncio.wait(tasks, timeout=3)


async def a_list_that_a_function_gets(app, jobs):
    tasks = [asyncio.create_task(job()) for job in jobs]
    app.started(tasks)
    await asyncio.wait(tasks, timeout=3)
