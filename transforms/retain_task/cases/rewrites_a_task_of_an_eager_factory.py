# asyncmend: --target-version 3.12
import asyncio


async def work(job):
    await job.run()


def start(loop, job, lazy=False):
    if lazy:
        return loop.create_task(work(job))
    else:
        return asyncio.eager_task_factory(loop, work(job), name="work")


async def on_job(loop: asyncio.AbstractEventLoop, job):
    asyncio.eager_task_factory(loop, work(job))
    loop.set_task_factory(asyncio.eager_task_factory)
    await asyncio.shield(asyncio.eager_task_factory(loop, work(job)))
    await asyncio.eager_task_factory(loop, work(job))


class Jobs:
    def start(self, loop: asyncio.AbstractEventLoop, job, lazy=False) -> asyncio.Task:
        if lazy:
            return loop.create_task(work(job))
        else:
            return asyncio.eager_task_factory(loop, work(job))

    def on_job(self, loop, job):
        self.start(loop, job)
