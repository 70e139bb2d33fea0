from shop.runtime import loop
from shop.mail import confirm


async def place_order(order):
    loop.create_task(confirm(order))
