from asyncio import gather


async def run(fetch, runners):
    async for gather in runners:
        gather(fetch(1), fetch(2))
