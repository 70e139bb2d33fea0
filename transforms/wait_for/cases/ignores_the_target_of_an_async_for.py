from asyncio import wait_for


async def run(fetch, runners):
    async for wait_for in runners:
        wait_for(fetch(1), 5)
