import asyncio


def watch(name, work):
    watched = asyncio.ensure_future(work)
    print("watching", name)
    return watched


def spawn(work):
    return asyncio.ensure_future(work)


async def report():
    loop = asyncio.get_running_loop()
    arrival = loop.create_future()
    departure: asyncio.Future = loop.create_future()
    watch("arrival", arrival)
    watch(work=departure, name="departure")
    spawn(asyncio.gather(arrival, departure))
