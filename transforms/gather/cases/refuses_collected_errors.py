import asyncio


async def ping(server):
    await asyncio.sleep(0)
    return server


async def alive(servers):
    answers = await asyncio.gather(*[ping(server) for server in servers], return_exceptions=True)
    return [answer for answer in answers if not isinstance(answer, Exception)]
