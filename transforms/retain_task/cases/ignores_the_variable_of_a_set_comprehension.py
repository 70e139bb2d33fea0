from asyncio import create_task


async def run(fetch, runners):
    return {create_task(fetch(1)) for create_task in runners}
