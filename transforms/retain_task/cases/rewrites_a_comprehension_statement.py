import asyncio


async def broadcast(clients, message):
    [asyncio.create_task(client.send(message)) for client in clients if client.ready]


async def relay(clients, messages):
    [asyncio.create_task(clients.send(message)) async for message in messages]


def announce(clients, message):
    list(asyncio.create_task(client.send(message)) for client in clients)
    tuple(asyncio.create_task(it.send(message)) if it else None for it in clients)
    set(asyncio.create_task(client.send(message)) for client in clients)


async def announce_in_displays(first, second, message):
    {first: asyncio.create_task(first.send(message))}
    [*(asyncio.create_task(it.send(message)) for it in (first, second))]
