"""No limit, none left, less than none: what is done counts, what is not is never begun."""
import asyncio


async def answer(value):
    print("begun:", value)
    return value


async def limited(value, timeout):
    try:
        result = await asyncio.wait_for(answer(value), timeout)
    except asyncio.TimeoutError:
        return "expired"
    return result


async def limited_future(future, timeout):
    try:
        return await asyncio.wait_for(future, timeout)
    except asyncio.TimeoutError:
        return "expired"


async def main():
    loop = asyncio.get_running_loop()
    for timeout in (None, 5, 0, -1, 0.0):
        print(timeout, await limited("coroutine", timeout))
    for timeout in (None, 5, 0, -1):
        future = loop.create_future()
        future.set_result("future")
        print(timeout, await limited_future(future, timeout))
    pending = loop.create_future()
    print(await limited_future(pending, 0), pending.cancelled())
    try:
        await asyncio.wait_for(answer("never begun"), 0)
    except asyncio.TimeoutError:
        print("expired at once")
    deadline = loop.time() - 1
    try:
        await asyncio.wait_for(answer("too late"), timeout=deadline - loop.time())
    except asyncio.TimeoutError:
        print("expired before")


asyncio.run(main())
