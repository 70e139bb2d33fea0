from asyncio import wait_for  # noqa: F401


async def wait_for(*work):
    return work


async def run(fetch):
    await wait_for(fetch(1), 5)
