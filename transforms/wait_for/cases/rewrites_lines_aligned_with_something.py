import asyncio


async def one(backend, handle):
    return handle


async def timed(backend, handle):
    return await asyncio.wait_for(one(backend,
                                      handle), 5)


async def timed2(backend, handle):
    result = await asyncio.wait_for(one(
        backend, handle), 5)
    return result


async def hoisted(backend, handle):
    return await asyncio.wait_for(one(backend(),
                                      handle()), 5)


async def on_lines_of_their_own(backend, handle):
    return await asyncio.wait_for(
        one(
            backend,
            handle
        ),
        5,
    )
