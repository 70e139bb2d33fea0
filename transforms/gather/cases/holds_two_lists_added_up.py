import asyncio


async def wait_for_builds(first_tasks, more_tasks):
    results = await asyncio.gather(*first_tasks + more_tasks)
    return results
