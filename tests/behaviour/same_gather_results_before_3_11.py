# asyncmend: --target-version 3.8
"""gather on every version: nested, of any awaitable, inside another expression."""
import asyncio


class Answer:
    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        return "answer"


async def after(turns, value):
    for _ in range(turns):
        await asyncio.sleep(0)
    print("done:", value)
    return value


async def main():
    loop = asyncio.get_running_loop()
    early = loop.create_future()
    early.set_result("early")
    print(await asyncio.gather(after(3, 1), Answer(), early))
    print(await asyncio.gather(asyncio.gather(after(5, "a"), after(2, "b")), after(1, "c")))
    print([item for item in await asyncio.gather(after(0, 0), after(4, 4)) if item])
    print((await asyncio.gather(after(1, "first"), after(3, "second")))[0])
    for item in await asyncio.gather(*map(after, (5, 2), ("slow", "fast"))):
        print("item:", item)
    print(await asyncio.gather() or "nothing")
    mixed = await asyncio.gather(after(0, "fine"), fail(), return_exceptions=True)
    print([repr(item) for item in mixed])


async def fail():
    raise KeyError("missing")


asyncio.run(main())
