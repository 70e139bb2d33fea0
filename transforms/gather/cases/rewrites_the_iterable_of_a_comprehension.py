import asyncio


async def find_tag(path):
    await asyncio.sleep(0)
    return path.partition("#")[2]


async def tags(paths):
    names = [tag for tag in await asyncio.gather(*[find_tag(path) for path in paths]) if tag]
    return sorted(names)
