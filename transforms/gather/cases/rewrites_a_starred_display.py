import asyncio


async def measure(host):
    await asyncio.sleep(0)
    return host


async def versions():
    compute, scheduler, workers = await asyncio.gather(
        *[
            measure("compute"),
            measure("scheduler"),
            # all of them
            measure("workers"),
        ]
    )
    left, right = await asyncio.gather(*(measure("left"), measure("right")))
    return compute, scheduler, workers, left, right
