import asyncio


async def frame(camera):
    (image) = (
        await asyncio.wait_for(camera.grab("raw"), timeout=2)
    )
    return (await (asyncio.wait_for(camera.encode(image), timeout=2)))
