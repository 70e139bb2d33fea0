import asyncio


async def read(connection):
    await connection.read()


def start(connection):
    loop = asyncio.get_running_loop()
    loop.add_reader(connection, asyncio.create_task, read(connection))
