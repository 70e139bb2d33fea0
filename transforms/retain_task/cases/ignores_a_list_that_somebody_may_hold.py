import asyncio


async def waits_with_it(clients, message):
    tasks = [asyncio.create_task(client.send(message)) for client in clients]
    await message.sent()
    print(len(tasks))


async def waits_in_the_loop(clients, message):
    tasks = []
    for client in clients:
        await message.ready()
        tasks.append(asyncio.create_task(client.send(message)))


async def waits_in_the_comprehension(clients, message):
    tasks = []
    return [(await message.ready(), tasks.append(asyncio.create_task(client.send(message)))) for client in clients]


async def waits_for_the_next(clients, message):
    tasks = []
    async for client in clients:
        tasks.append(asyncio.create_task(client.send(message)))


async def gives_it_back(clients, message):
    tasks = []
    for client in clients:
        tasks.append(asyncio.create_task(client.send(message)))
    return tasks


async def has_another_name(clients, message):
    tasks = message.tasks = []
    for client in clients:
        tasks.append(asyncio.create_task(client.send(message)))


async def was_there_before(clients, message, tasks):
    tasks = tasks or []
    for client in clients:
        tasks.append(asyncio.create_task(client.send(message)))


async def is_given_to_others(clients, message):
    tasks = []
    message.tasks = tasks
    for client in clients:
        tasks.append(asyncio.create_task(client.send(message)))


async def is_read_by_a_closure(clients, message):
    tasks = []
    message.on_close(lambda: tasks.clear())
    for client in clients:
        tasks.append(asyncio.create_task(client.send(message)))


async def is_looked_into(clients, message):
    tasks = [asyncio.create_task(client.send(message)) for client in clients]
    message.first = tasks[0]


async def lets_go_of_what_is_done(clients, message):
    tasks = set()
    for client in clients:
        task = asyncio.create_task(client.send(message))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


def runs_with_it(loop: asyncio.AbstractEventLoop, clients, message):
    tasks = [loop.create_task(client.send(message)) for client in clients]
    loop.run_forever()


async def keeps_the_second(clients, message):
    first, message.task = asyncio.create_task(message.send()), asyncio.create_task(message.flush())
    await first
    second, *rest = asyncio.create_task(message.send()), asyncio.create_task(message.flush())
    message.rest = rest


async def keeps_what_it_names(message):
    message.task = (task := asyncio.create_task(message.send()))
    while task := asyncio.create_task(message.send()):
        await task


def runs_the_loop(clients, message):
    loop = asyncio.new_event_loop()
    tasks = [loop.create_task(client.send(message)) for client in clients]
    loop.run_forever()


def may_run_the_loop(loop: asyncio.AbstractEventLoop, clients, message):
    tasks = [loop.create_task(client.send(message)) for client in clients]
    message.serve(loop)


def runs_the_loop_between(loop: asyncio.AbstractEventLoop, clients, message):
    tasks = []
    for client in clients:
        tasks.append(loop.create_task(client.send(message)))
        loop.run_until_complete(message.sent())


def yields_with_it(clients, message):
    tasks = [asyncio.create_task(client.send(message)) for client in clients]
    yield


async def waits_with_what_was_unpacked(clients, message):
    tasks = [*(asyncio.create_task(client.send(message)) for client in clients)]
    await message.sent()
    print(len(tasks))


async def gives_what_was_unpacked(clients, message):
    return [*(asyncio.create_task(client.send(message)) for client in clients)]


async def gives_by_name(client, message):
    return {client.name: asyncio.create_task(client.send(message))}


async def drops_what_keeps_them(clients, message):
    await gives_what_was_unpacked(clients, message)
    await gives_by_name(clients[0], message)


async def hands_them_on(clients, message):
    message.wait_for(*(asyncio.create_task(client.send(message)) for client in clients))
    tasks = {"first": asyncio.create_task(clients[0].send(message))}
    message.wait_for(**tasks)
    message.wait_for(**{"first": asyncio.create_task(clients[0].send(message))})
