import asyncio

from app.tasks import background


async def rebuild(shard):
    await asyncio.sleep(0)


@background(queue="low")
async def rebuild_all():
    await asyncio.gather(rebuild(1), rebuild(2))
