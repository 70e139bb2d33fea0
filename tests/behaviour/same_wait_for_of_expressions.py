import asyncio


async def answer(value):
    await asyncio.sleep(0)
    return value


async def main():
    ready = asyncio.ensure_future(answer("ready"))
    spare = asyncio.ensure_future(answer("spare"))
    for use_spare in (False, True):
        value = await asyncio.wait_for(spare if use_spare else ready, 5)
        print(value)
    value = await asyncio.wait_for(None or spare, 5)
    print(value)
    value = await asyncio.wait_for(
        (
            ready
            if value
            else spare
        ),
        5,
    )
    print(value)


asyncio.run(main())
