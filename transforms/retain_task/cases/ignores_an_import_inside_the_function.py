from asyncio import create_task


async def run(fetch):
    from farm import create_task

    create_task(fetch(1))
