import asyncio


async def main(jobs):
    results = await asyncio.gather(*jobs)
    return [result.cancelled() for result in results]
