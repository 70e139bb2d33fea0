# asyncmend: --target-version 3.9
import asyncio

from shop.billing import fetch_invoices
from shop.users import fetch_user


async def statement(user_id):
    user, invoices = await asyncio.gather(
        fetch_user(user_id),
        fetch_invoices(user_id, limit=50),
    )
    return user.name, invoices
