"""Arguments are evaluated once, from left to right, before anything starts."""
import asyncio


def note(name, value=None):
    print("evaluated:", name)
    return value


async def step(name):
    print("started:", name)
    await asyncio.sleep(0)
    return name


def make(name):
    note(name)
    return step(name)


async def main():
    print(await asyncio.gather(make("a"), make("b"), *[make(name) for name in "cd"]))
    print(await asyncio.gather(step(note("e", "e")), step(await step("f"))))
    print(await asyncio.wait_for(make("g"), note("limit", 5)))
    value = await asyncio.wait_for(timeout=note("limit first", 5), fut=make("h"))
    result = await asyncio.wait_for(step(note("i", "i")), timeout=note("limit", None))
    print(value, result)
    table = {}
    table[note("key", "k")] = await asyncio.wait_for(make("j"), 5)
    print(table, [note("left"), await asyncio.gather(make("l"))])
    try:
        await asyncio.gather(make("m"), step(note("n").missing))
    except AttributeError:
        print("nothing started")
    asyncio.ensure_future(step(note("o", "o"))).add_done_callback(note("callback", print_done))
    for _ in range(4):
        await asyncio.sleep(0)


def print_done(task):
    print("done:", task.result())


asyncio.run(main())
