import asyncio


async def publish(queue, event):
    await queue.put(event)


async def on_order(queue, order):
    asyncio.create_task(publish(queue, order))
    return order.id
