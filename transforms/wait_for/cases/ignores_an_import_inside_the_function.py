from asyncio import wait_for


async def run(fetch):
    from farm import wait_for

    wait_for(fetch(1), 5)
