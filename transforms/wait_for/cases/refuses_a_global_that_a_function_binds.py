from asyncio import wait_for


def use(runner):
    global wait_for
    wait_for = runner


async def run(fetch):
    wait_for(fetch(1), 5)
