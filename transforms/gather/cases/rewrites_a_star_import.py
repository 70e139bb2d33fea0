from asyncio import *


async def check_disk():
    await sleep(0)


async def check_network():
    await sleep(0)


async def health():
    await gather(check_disk(), check_network())
