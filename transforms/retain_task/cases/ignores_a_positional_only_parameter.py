from asyncio import create_task


async def run(create_task, /, fetch):
    create_task(fetch(1))
