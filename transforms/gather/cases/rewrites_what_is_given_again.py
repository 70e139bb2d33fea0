import asyncio


async def ping(host):
    await asyncio.sleep(0)
    return host


async def added_twice():
    first = ping("a")
    pings = [first]
    pings.append(first)
    return await asyncio.gather(*pings)


async def by_a_comprehension(times):
    first = ping("a")
    return await asyncio.gather(*[first for _ in range(times)])


async def by_a_loop(times):
    first = ping("a")
    pings = []
    for _ in range(times):
        pings.append(first)
    return await asyncio.gather(*pings)


async def by_its_own_loop(hosts):
    pings = []
    for host in hosts:
        one = ping(host)
        pings.append(one)
    return await asyncio.gather(*pings)


async def in_the_iterable(hosts):
    first = ping("a")
    second = ping("b")
    return [host for host in await asyncio.gather(first, second) if host in hosts]
