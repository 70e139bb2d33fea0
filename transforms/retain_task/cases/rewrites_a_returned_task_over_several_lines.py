import asyncio


def remind(mailer, order, *, after, template):
    return asyncio.create_task(
        mailer.remind(order, after=after, template=template),
        name=f"remind {order.id}",
    )


async def on_order(mailer, order):
    remind(
        mailer,
        order,
        after=3600,  # an hour
        template="unpaid",
    )
    remind(mailer, order,
           after=86400,
           template="still unpaid")  # the last one
    return order.id
