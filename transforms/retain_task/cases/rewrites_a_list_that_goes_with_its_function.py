import asyncio


async def broadcast(clients, message):
    tasks = [asyncio.create_task(client.send(message)) for client in clients]
    print(f"{len(tasks)} messages")


async def broadcast_one_by_one(clients, message):
    await message.ready()
    tasks = []
    for client in clients:
        task = asyncio.create_task(client.send(message))
        tasks.append(task)
        tasks.append(asyncio.create_task(client.flush()))
    return len(tasks)


async def broadcast_by_name(clients, message):
    tasks = {client.name: asyncio.create_task(client.send(message)) for client in clients}
    if not tasks:
        print("nobody")


async def broadcast_twice(clients, message):
    tasks: set[asyncio.Task] = set()
    for client in clients:
        tasks.add(asyncio.create_task(client.send(message)))


def is_no_coroutine_function(clients, message):
    tasks = [asyncio.create_task(client.send(message)) for client in clients]
    message.sent_to(len(tasks))


def has_a_loop(loop: asyncio.AbstractEventLoop, clients, message):
    tasks = []
    for client in clients:
        if client.is_open():
            tasks.append(loop.create_task(client.send(message)))
    print(len(tasks))


async def broadcast_to_all(clients, message):
    tasks = [*(asyncio.create_task(client.send(message)) for client in clients)]
    print(len(tasks))
