import asyncio


async def load(region):
    await asyncio.sleep(0)
    return region


async def listed():
    return list(await asyncio.gather(load("east"), load("west")))


async def different():
    found = set(await asyncio.gather(load("east"), load("west")))
    return found | {"north"}


async def sorted_by_length():
    return sorted(list(await asyncio.gather(load("east"), load("west"))), key=len)


async def spread(regions):
    return list(
        await asyncio.gather(*(load(region) for region in regions if region != "the middle")),
    )


async def shown():
    return f"{set(await asyncio.gather(load('east'), load('west')))}"


async def reasons_for_a_name_of_some_length(regions_of_the_whole_world_and_of_the_moon):
    all_the_results_of_the_regions_of_the_whole_world_and_the_moon_too = list(
        await asyncio.gather(*map(load, regions_of_the_whole_world_and_of_the_moon))
    )
    return all_the_results_of_the_regions_of_the_whole_world_and_the_moon_too


def own_list():
    def list(items):
        return items

    async def listed():
        return list(await asyncio.gather(load("east"), load("west")))

    return listed
