from asyncio import create_task


async def run(fetch, runners):
    return {key: create_task(fetch(1)) for key, create_task in runners.items()}
