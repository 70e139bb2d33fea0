import asyncio
import contextvars


def spawn(factory):
    context = contextvars.copy_context()
    return context.run(lambda: asyncio.create_task(factory()))


async def run(pool, job):
    task = pool.submit(lambda: asyncio.create_task(job()))
    await pool.submit(lambda: asyncio.create_task(job()))
    await contextvars.copy_context().run(asyncio.create_task, job())
    return task
