from asyncio import gather


async def run(fetch, runners):
    return {gather(fetch(1), fetch(2)) for gather in runners}
