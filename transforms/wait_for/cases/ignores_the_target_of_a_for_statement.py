from asyncio import wait_for


async def run(fetch, runners):
    for wait_for in runners:
        wait_for(fetch(1), 5)
