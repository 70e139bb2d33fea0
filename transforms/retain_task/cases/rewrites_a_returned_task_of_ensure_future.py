import asyncio


async def deliver(message):
    await message.connection.write(message.body)


def post(message):
    return asyncio.ensure_future(deliver(message))


def flush(messages):
    for message in messages:
        post(message)
