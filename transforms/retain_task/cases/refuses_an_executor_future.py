import asyncio


async def resize(picture):
    loop = asyncio.get_running_loop()
    asyncio.ensure_future(loop.run_in_executor(None, picture.resize))
