from asyncio import wait_for


async def run(fetch, runners):
    return list(wait_for(fetch(1), 5) for wait_for in runners)
