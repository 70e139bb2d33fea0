import asyncio


async def retry(call):
    delay = 1
    while delay < 60:
        try:
            return await asyncio.wait_for(call(), delay)
        except asyncio.TimeoutError:
            delay *= 2
    return None
