import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))  # asyncmend: ignore[retain-task]
    asyncio.create_task(mailer.invoice(order))  # asyncmend: ignore
    asyncio.create_task(  # asyncmend: ignore[retain-task] the mailer keeps it
        mailer.rate(order),
    )
