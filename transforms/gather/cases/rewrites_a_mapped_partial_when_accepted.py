# asyncmend: --accept cancels-shared-task
import asyncio
import functools


async def load_files(registry, session, files):
    results = await asyncio.gather(*map(functools.partial(registry.load, session), files))
    return [result for result in results if result is not None]
