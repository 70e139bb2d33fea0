"""Never write asyncio.create_task(job.run()) and drop the result."""
import asyncio

# asyncio.create_task(job.run())
HINT = "asyncio.create_task(job.run())"


async def run(job):
    await asyncio.sleep(0)
    return await job.run()
