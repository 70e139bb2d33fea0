from asyncio import wait_for


async def run(fetch, wrap):
    global wait_for
    wait_for |= wrap
    wait_for(fetch(1), 5)
