import asyncio


async def broadcast(clients, message):
    [asyncio.create_task(client.send(message)) for client in clients if client.ready]


async def relay(clients, messages):
    [asyncio.create_task(clients.send(message)) async for message in messages]
