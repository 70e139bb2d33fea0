from asyncio import gather


async def run(fetch, wrap):
    global gather
    gather |= wrap
    gather(fetch(1), fetch(2))
