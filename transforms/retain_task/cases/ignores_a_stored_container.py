import asyncio


async def start(workers, jobs):
    jobs["first"] = asyncio.create_task(workers[0].run())
    for worker in workers[1:]:
        jobs[worker.name] = worker, asyncio.create_task(worker.run())
    jobs.update(last=asyncio.create_task(workers[-1].close()))
