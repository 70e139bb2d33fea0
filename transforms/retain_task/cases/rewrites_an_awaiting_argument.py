import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.send(await order.render(), to=await order.address()))
