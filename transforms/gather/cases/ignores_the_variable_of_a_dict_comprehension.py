from asyncio import gather


async def run(fetch, runners):
    return {key: gather(fetch(1), fetch(2)) for key, gather in runners.items()}
