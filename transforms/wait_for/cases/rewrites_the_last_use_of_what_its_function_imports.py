# asyncmend: --target-version 3.10


async def acquire(lock):
    from asyncio import wait_for

    return await wait_for(lock.acquire(), 1)


async def release(lock):
    from asyncio import shield, wait_for

    await shield(lock.acquire())
    await wait_for(lock.release(), 1)


async def read(lock):
    import asyncio, json

    return json.loads(await asyncio.wait_for(lock.read(), 1))


async def write(lock):
    from asyncio import wait_for as timed

    async def shown():
        return timed

    await timed(lock.write(), 1)
    return shown


async def commented(lock, session):
    if session is None:
        session = await lock.session()
        # Enable what is necessary.
        import asyncio

        await asyncio.wait_for(session.enable(), 1)
