from asyncio import gather


def use(runner):
    global gather
    gather = runner


async def run(fetch):
    gather(fetch(1), fetch(2))
