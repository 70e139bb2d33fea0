# asyncmend: --target-version 3.8 --accept cancels-shared-task
# scenarios: gather
import asyncio


async def main(jobs=None):
    jobs = [asyncio.ensure_future(job()) for job in (a, b, c)]
    for job in jobs:
        job.add_done_callback(lambda job: None)
    return await asyncio.gather(*jobs)
