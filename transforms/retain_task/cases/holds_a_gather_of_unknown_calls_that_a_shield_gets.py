import asyncio


async def on_the_spot(one, other):
    await asyncio.shield(asyncio.gather(one.close(), other.close()))


async def of_each(clients):
    await asyncio.shield(asyncio.gather(*(it.close() for it in clients), return_exceptions=True))


async def by_name(one, other, seconds):
    closing = asyncio.gather(one.close(), other.close())
    await asyncio.wait_for(asyncio.shield(closing), seconds)


async def by_two_names(fetch):
    both = asyncio.gather(fetch("/orders"), fetch("/returns"))
    guarded = asyncio.shield(both)
    return await guarded


async def save(order):
    await order.commit()


async def beside_what_is_there(order, tasks):
    await asyncio.shield(asyncio.gather(save(order), *tasks))


async def beside_an_unknown_call(order, mailer):
    saving = asyncio.gather(save(order), mailer.send(order))
    await asyncio.shield(saving)
