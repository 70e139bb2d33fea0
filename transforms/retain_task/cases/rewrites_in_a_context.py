import asyncio
import contextvars


async def place_order(order, mailer):
    context = contextvars.copy_context()
    context.run(asyncio.create_task, mailer.confirm(order))
    contextvars.copy_context().run(lambda: asyncio.create_task(mailer.thank(order)))
    mailer.on("sent", lambda: asyncio.create_task(order.close())).on("failed", order.fail)
