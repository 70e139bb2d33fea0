# asyncmend: --target-version 3.10
import asyncio


async def dispatch(event, mailer):
    match event:
        case {"kind": "placed", "order": order}:
            asyncio.create_task(mailer.confirm(order))
        case {"kind": "shipped", "order": task}:
            asyncio.create_task(mailer.ship(task))
        case _: asyncio.create_task(mailer.unknown(event))
