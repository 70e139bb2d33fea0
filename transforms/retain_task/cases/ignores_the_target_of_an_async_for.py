from asyncio import create_task


async def run(fetch, runners):
    async for create_task in runners:
        create_task(fetch(1))
