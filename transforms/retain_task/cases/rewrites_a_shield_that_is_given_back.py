import asyncio


async def flush(journal):
    await journal.drain()


def spawn(journal):
    return asyncio.create_task(flush(journal))


def close(journal):
    return asyncio.shield(flush(journal))


def close_task(journal):
    return asyncio.shield(asyncio.ensure_future(flush(journal)))


def close_local(journal):
    task = asyncio.create_task(flush(journal))
    task.set_name("flush")
    return asyncio.shield(task)


def close_made(journal):
    return asyncio.shield(spawn(journal))


def close_older(journal):
    return asyncio.shield(flush(journal), loop=journal.loop)


def close_held(journal):
    journal.task = asyncio.create_task(flush(journal))
    return asyncio.shield(journal.task)


def sleeps():
    return asyncio.shield(asyncio.sleep(1))


async def end(journal):
    close(journal)
    close_older(journal)
    await close(journal)
    await close_task(journal)
