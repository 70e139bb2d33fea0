import asyncio


async def load(key):
    await asyncio.sleep(0)
    return key


async def either(running):
    if running.task:
        second = running.task
    else:
        second = load(3)
    return await asyncio.gather(load(1), second)


async def lists(running):
    if running.tasks:
        loads = running.tasks
    else:
        loads = [load(3)]
    return await asyncio.gather(*loads)
