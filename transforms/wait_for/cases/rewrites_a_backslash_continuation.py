import asyncio


async def frame(camera):
    image = \
        await asyncio.wait_for(camera.grab(), \
                               timeout=2)
    return image
