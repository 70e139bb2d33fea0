import asyncio


async def harvest(farm):
    gather = farm.gather
    asyncio.current_task().set_name("harvest")
    return await gather(farm.wheat(), farm.barley())
