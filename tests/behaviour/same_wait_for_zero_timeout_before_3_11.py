# asyncmend: --target-version 3.9
"""A helper that begins a coroutine with nothing left to wait would be caught here."""
import asyncio


async def open_door(name):
    print("opened:", name)
    return name


async def attempt(name, timeout):
    try:
        return await asyncio.wait_for(open_door(name), timeout)
    except asyncio.TimeoutError as error:
        return "closed: {} {}".format(name, error.args)


async def main():
    for timeout in (0, -1, 0.0, float("-inf"), 1, None):
        print(timeout, await attempt("door", timeout))
    task = asyncio.ensure_future(open_door("window"))
    await asyncio.sleep(0)
    print(await asyncio.wait_for(task, 0))
    try:
        await asyncio.wait_for(open_door("gate"), "soon")
    except TypeError:
        print("not a number")
    try:
        await asyncio.wait_for(asyncio.gather(open_door("a"), open_door("b")), 0)
    except asyncio.TimeoutError:
        print("both closed")


asyncio.run(main())
