from asyncio import create_task


async def run(fetch, *, create_task):
    create_task(fetch(1))
