# asyncmend: --target-version 3.13
import asyncio


async def add(item): ...


async def add_all(items):
    added = []
    for item in items:
        added.append(add(item))  # one each
    # wait after submitting
    # them all
    await asyncio.gather(*added)


async def add_some(items):
    added = [add(item) for item in items if item]

    # all at once
    results = await asyncio.gather(*added)
    return results[0]


async def add_if_any(items):
    added = []
    for item in items:
        added.append(add(item))
    # wait for all
    if added:
        await asyncio.gather(*added)


async def of_both(items):
    added = []
    # first all of them
    for item in items:
        added.append(add(item))
    # then wait
    await asyncio.gather(*added)


async def apart(items):
    added = []
    for item in items:
        added.append(add(item))
    # all of them

    await asyncio.gather(*added)
