from asyncio import gather


async def run(gather, /, fetch):
    gather(fetch(1), fetch(2))
