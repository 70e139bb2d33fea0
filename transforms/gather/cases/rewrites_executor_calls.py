import asyncio


def shrink(image):
    return image[::2]


async def shrink_all(images, pool):
    loop = asyncio.get_running_loop()
    return await asyncio.gather(*[loop.run_in_executor(pool, shrink, image) for image in images])
