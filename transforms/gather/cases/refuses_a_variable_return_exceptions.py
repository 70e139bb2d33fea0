import asyncio


async def run_all(jobs, keep_going):
    return await asyncio.gather(*[job.run() for job in jobs], return_exceptions=keep_going)
