import asyncio


async def gather(data):
    tasks = []
    for row in data.iterrows():
        tasks.append(asyncio.create_task(wwwwwwwwwww(row, data.get_the_other_thing())))
    return await asyncio.gather(*tasks)


async def wwwwwwwwwww(row, other):
    return 1
