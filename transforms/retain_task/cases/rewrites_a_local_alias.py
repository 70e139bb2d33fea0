import asyncio


async def broadcast(clients, message):
    spawn = asyncio.ensure_future
    for client in clients:
        spawn(client.send(message))
