from asyncio import wait_for


async def run(wait_for, /, fetch):
    wait_for(fetch(1), 5)
