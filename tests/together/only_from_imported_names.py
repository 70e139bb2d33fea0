from asyncio import create_task, gather, wait_for


async def store(client, order):
    await client.put("/orders", order)


async def archive(client, order):
    await client.put("/archive", order)


async def place_order(client, order, timeout):
    await gather(store(client, order), archive(client, order))
    answer = await wait_for(client.confirm(order), timeout)
    create_task(client.log(answer))
    return answer
