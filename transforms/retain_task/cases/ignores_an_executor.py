import asyncio


async def resize(picture):
    loop = asyncio.get_running_loop()
    loop.run_in_executor(None, picture.resize)
    asyncio.get_event_loop().run_in_executor(None, picture.save)
