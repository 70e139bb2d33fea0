import asyncio
from itertools import chain

REGIONS = ["north", "south"]


async def load(region):
    await asyncio.sleep(0)
    return [region]


async def report(regions, seen):
    rows = []
    for found in await asyncio.gather(*(load(region) for region in regions)):
        rows.append(found)
    rows.extend(await asyncio.gather(load("east"), load("west")))
    first = (await asyncio.gather(load("east"), load("west")))[0]
    tables = dict(
        zip(
            REGIONS,
            await asyncio.gather(
                *(load(region) for region in REGIONS),
            ),
        )
    )
    flat = list(
        chain.from_iterable(
            await asyncio.gather(*(load(region) for region in regions if region not in tables))
        )
    )
    if known := await asyncio.gather(load("east"), load("west")):  # the walrus stays
        seen.update(map(tuple, known))
    count = 0
    count += len(await asyncio.gather(load("east"), load("west")))
    print(count, first, sep=", ", *await asyncio.gather(load("east"), load("west")))
    return tuple(await asyncio.gather(load("east"), load("west"))), flat


async def reasons_that_make_the_collection_of_results_rather_long(regions, explanations):
    return frozenset(tuple(reason) for reason in await asyncio.gather(*map(load, regions)) if reason)
