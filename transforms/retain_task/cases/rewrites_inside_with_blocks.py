import asyncio
import contextlib


async def place_order(order, mailer, lock):
    async with lock:
        with contextlib.suppress(RuntimeError):
            asyncio.create_task(mailer.confirm(order))
    while order.open: asyncio.create_task(mailer.remind(order))
