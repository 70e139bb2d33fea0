import asyncio


async def join_parts(parts):
    await asyncio.sleep(0)
    return "".join(parts)


async def fetch_part(name):
    await asyncio.sleep(0)
    return name


async def compose():
    letter, envelope = await asyncio.gather(
        join_parts(await asyncio.gather(fetch_part("greeting"), fetch_part("body"))),
        fetch_part("address"),
    )
    return letter, envelope
