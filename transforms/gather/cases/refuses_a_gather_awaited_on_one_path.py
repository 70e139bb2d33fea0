import asyncio


async def ask_all(servers, ask, left):
    question = asyncio.gather(*(ask(server) for server in servers))
    return await question if left is None else question
