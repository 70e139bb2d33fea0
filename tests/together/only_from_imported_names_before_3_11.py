# asyncmend: --target-version 3.9
from asyncio import create_task as spawn, gather as join, wait_for as within


async def place_order(client, order, timeout):
    await join(client.store(order), client.archive(order))
    answer = await within(client.confirm(order), timeout)
    spawn(client.log(answer))
    return answer
