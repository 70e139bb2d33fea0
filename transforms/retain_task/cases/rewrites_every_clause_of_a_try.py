import asyncio


async def place_order(order, mailer):
    try:
        asyncio.create_task(mailer.confirm(order))
    except RuntimeError:
        asyncio.ensure_future(mailer.retry(order))
    else:
        asyncio.create_task(mailer.invoice(order))
    finally:
        asyncio.create_task(mailer.close())
