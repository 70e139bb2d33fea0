import asyncio


async def consume(queue):
    while True:
        await queue.get()


async def produce(queue):
    for number in range(10):
        await queue.put(number)


async def pump(queue):
    await asyncio.gather(
        asyncio.create_task(consume(queue), name="consumer"),
        asyncio.ensure_future(produce(queue)),
    )
