import asyncio


async def work(job):
    await job.run()


def gives_shield(job):
    return asyncio.shield(work(job))


def gives_shield_of_task(job):
    return asyncio.shield(asyncio.ensure_future(work(job)))


def gives_gather(job):
    both = asyncio.gather(work(job), work(job))
    both.add_done_callback(print)
    return both


def gives_gather_of_each(jobs):
    return asyncio.gather(*[work(job) for job in jobs])


def gives_gather_of_others(tasks):
    return asyncio.gather(*tasks)


def gives_shield_of_other(task):
    return asyncio.shield(task)


async def start(job, page, tasks):
    gives_shield(job)
    gives_shield_of_task(job)
    gives_gather(job)
    gives_gather_of_each([job])
    gives_gather_of_others(tasks)
    gives_shield_of_other(tasks[0])
    page.on("load", lambda event: gives_gather(event))
    asyncio.get_running_loop().call_later(1, lambda: gives_gather(job))
    await gives_gather(job)
