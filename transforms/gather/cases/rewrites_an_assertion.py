import asyncio


async def lookup(name):
    await asyncio.sleep(0)
    return name


async def check_lookup():
    assert await asyncio.gather(lookup("a"), lookup("b")) == ["a", "b"], "lookup is broken"
