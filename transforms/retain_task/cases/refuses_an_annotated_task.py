import asyncio


async def adopt(job: "asyncio.Task[None]", registry):
    registry.add(job)
    asyncio.ensure_future(job)
