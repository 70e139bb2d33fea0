import asyncio
from asyncio import Future as F, Task as T


async def run(calls):
    results = []
    for call in calls:
        result = call()
        if isinstance(result, (F, T)):
            results.append(result)
    await asyncio.gather(*results)
