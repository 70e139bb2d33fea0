from asyncio import create_task


async def run(fetch, runners):
    return list(create_task(fetch(1)) for create_task in runners)
