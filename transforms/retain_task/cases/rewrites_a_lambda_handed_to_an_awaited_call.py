import asyncio


async def subscribe(bus, mailer):
    await bus.listen("sent", lambda event: asyncio.create_task(mailer.thank(event)))
