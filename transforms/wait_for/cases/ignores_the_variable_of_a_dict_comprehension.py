from asyncio import wait_for


async def run(fetch, runners):
    return {key: wait_for(fetch(1), 5) for key, wait_for in runners.items()}
