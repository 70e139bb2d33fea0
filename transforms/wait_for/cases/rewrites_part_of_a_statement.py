import asyncio

LIMIT = 5


async def asserted(reader):
    assert await asyncio.wait_for(reader.read(), timeout=5) == b""


async def over_lines(reader, parse):
    return parse(
        await asyncio.wait_for(
            reader.readexactly(
                64,
            ),
            timeout=LIMIT,
        ),
        strict=True,
    )


async def in_a_fitting_line(reader, total):
    total += (await asyncio.wait_for(reader.read(), LIMIT))["size"]
    return total


async def of_a_choice(reader, is_slow):
    state = (await asyncio.wait_for(reader.read(), 9 if is_slow else LIMIT)).decode()
    return state


async def computed_before(reader):
    return b"".join(await asyncio.wait_for(reader.lines(b"\n".join([b"a"])), 3))
