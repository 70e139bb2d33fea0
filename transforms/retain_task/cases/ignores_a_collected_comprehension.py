import asyncio


def start_all(workers):
    return {worker.name: asyncio.create_task(worker.run()) for worker in workers}


async def run_all(workers):
    for result in asyncio.as_completed({asyncio.create_task(w.run()) for w in workers}):
        await result


def announce(clients, message, set):
    tasks = list(asyncio.create_task(client.send(message)) for client in clients)
    set(asyncio.create_task(client.send(message)) for client in clients)
    list(clients.run(asyncio.create_task(client.send(message)) for client in clients))
    return tasks
