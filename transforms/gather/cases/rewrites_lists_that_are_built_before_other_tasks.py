import asyncio


async def read(queue):
    return queue[0]


async def write(queue):
    queue.insert(0, "new")


async def a_task_between(queue):
    reads = [read(queue), read(queue)]
    writer = asyncio.create_task(write(queue))
    print(await asyncio.gather(*reads))
    await writer


async def a_callback_between(queue):
    reads = []
    for _ in range(2):
        reads.append(read(queue))
    asyncio.get_running_loop().call_soon(queue.clear)
    print(await asyncio.gather(*reads))


async def a_set_between(queue):
    reads = [read(queue), read(queue)]
    seen = set()
    print(seen, await asyncio.gather(*reads))
