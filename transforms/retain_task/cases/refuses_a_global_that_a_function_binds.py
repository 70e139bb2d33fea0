from asyncio import create_task


def use(runner):
    global create_task
    create_task = runner


async def run(fetch):
    create_task(fetch(1))
