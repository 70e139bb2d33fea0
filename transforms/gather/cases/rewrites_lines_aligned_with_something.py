import asyncio


async def one(backend, handle):
    return handle


async def group(backend, handle, other):
    await asyncio.gather(one(backend,
                             handle),
                         one(other,
                             handle))


async def comp(backend, handles):
    return await asyncio.gather(*[one(backend,
                                      handle)
                                  for handle in handles])


async def spawned(backend, handles):
    await asyncio.gather(asyncio.create_task(one(backend,
                                                 handles)),
                         asyncio.create_task(one(backend,
                                                 handles)))


async def hanging(backend, handle, other):
    await asyncio.gather(one(
        backend, handle),
        one(other, handle))


async def appended(backends):
    tasks = []
    for backend in backends:
        tasks.append(
            asyncio.create_task(
                one(
                    backend,
                    3)))
        legacy = str(backend)
        tasks.append(
            asyncio.create_task(
                one(legacy, legacy)))
        tasks.append(asyncio.create_task(one(legacy,
                                             legacy)))
        tasks.append(asyncio.create_task(one(
            legacy, legacy)))
    await asyncio.gather(*tasks)


async def appended_coroutines(backends):
    tasks = []
    for backend in backends:
        tasks.append(one(backend,
                         3))
    await asyncio.gather(*tasks)
