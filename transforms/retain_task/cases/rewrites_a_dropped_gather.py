import asyncio


async def broadcast(clients, message):
    asyncio.gather(*(client.send(message) for client in clients), return_exceptions=True)


async def announce(mailer, order):
    asyncio.gather(mailer.confirm(order), mailer.invoice(order))
