import asyncio
import contextlib


async def ping(server):
    with contextlib.suppress(asyncio.TimeoutError):
        if name := await asyncio.wait_for(asyncio.shield(server.leader()), 2):
            return name
    asyncio.create_task(server.elect())
    return None


async def survey(servers):
    leaders = [name for name in await asyncio.gather(*[ping(s) for s in servers]) if name]
    for answer in await asyncio.gather(ping(servers[0]), ping(servers[-1])):
        leaders.append(answer)
    return leaders
