import asyncio


async def finish(running):
    index, search = await asyncio.gather(running["index"], running["search"])
    return index, search
