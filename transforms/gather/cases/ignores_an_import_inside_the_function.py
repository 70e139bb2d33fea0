from asyncio import gather


async def run(fetch):
    from farm import gather

    gather(fetch(1), fetch(2))
