import asyncio


async def load(fetch, render):
    orders = asyncio.create_task(fetch("/orders"))
    return await render("orders.html", locals())
