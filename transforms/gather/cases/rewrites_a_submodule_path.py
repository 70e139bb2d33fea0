import asyncio.tasks


async def publish(topic):
    await asyncio.sleep(0)
    return topic


async def announce():
    await asyncio.tasks.gather(publish("created"), publish("indexed"))
