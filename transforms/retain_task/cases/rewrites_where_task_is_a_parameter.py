import asyncio


async def run_task(task, mailer):
    asyncio.create_task(mailer.started(task))
    await task.run()
    return task


def make_runner(mailer):
    task = mailer.task

    async def runner():
        asyncio.create_task(mailer.started(task))

    return runner
