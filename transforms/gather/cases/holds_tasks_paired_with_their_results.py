# asyncmend: --target-version 3.10
import asyncio


async def collect(jobs, started):
    tasks = []
    for job in jobs:
        tasks.append(asyncio.ensure_future(job.run()))
    started.extend(tasks)
    results = await asyncio.gather(*tasks)
    return dict(zip(tasks, results))
