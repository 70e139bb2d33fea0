import asyncio


async def digest(hasher, path):
    loop = asyncio.get_running_loop()
    return await asyncio.wait_for(loop.run_in_executor(None, hasher, path), timeout=90)
