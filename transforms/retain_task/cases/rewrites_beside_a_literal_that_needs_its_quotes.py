import asyncio

TEMPLATE = '''def greet():
    """Say hello."""
'''


async def place_order(order, mailer):
    order.paid and asyncio.create_task(mailer.thank(order))
    asyncio.create_task(mailer.invoice("thanks", TEMPLATE))
