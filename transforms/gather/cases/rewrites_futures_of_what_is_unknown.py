# asyncmend: --target-version 3.12 --unsafe-fixes
import asyncio


async def job(number):
    return number


async def each(call, messages):
    tasks = []
    for message in messages:
        tasks.append(asyncio.ensure_future(call(message)))
    return await asyncio.gather(*tasks)


async def named(call, messages):
    tasks = [asyncio.ensure_future(call(message)) for message in messages]
    return await asyncio.gather(*tasks)


async def direct(call):
    return await asyncio.gather(asyncio.ensure_future(call(1)), asyncio.ensure_future(call(2)))


async def of_a_loop(loop, call):
    return await asyncio.gather(loop.create_task(call(1)), loop.create_task(call(2)))


async def in_a_pool(loop, call):
    return await asyncio.gather(*[loop.run_in_executor(None, call, it) for it in (1, 2)])


async def mapped(call):
    return await asyncio.gather(*map(asyncio.ensure_future, [call(1), call(2)]))


async def known(messages):
    return await asyncio.gather(*[asyncio.ensure_future(job(message)) for message in messages])
