import asyncio


async def measure(probe):
    await asyncio.sleep(0)
    return probe


async def measure_all(probes):
    tasks = [asyncio.create_task(measure(probe)) for probe in probes]
    try:
        return await asyncio.gather(*tasks)
    except ValueError:
        for task in tasks:
            task.cancel()
        raise
