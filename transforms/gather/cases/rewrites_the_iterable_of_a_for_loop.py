import asyncio


async def scan(folder):
    await asyncio.sleep(0)
    return folder


async def scan_home(show):
    for result in await asyncio.gather(
        asyncio.create_task(scan("documents")), asyncio.create_task(scan("pictures"))
    ):
        show(result)
