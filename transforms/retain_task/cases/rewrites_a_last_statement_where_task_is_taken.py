import asyncio


async def cancel_order(task, mailer):
    await task.cancel()
    asyncio.create_task(mailer.cancel(task.order))
