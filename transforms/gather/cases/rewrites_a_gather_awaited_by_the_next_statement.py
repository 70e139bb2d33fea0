import asyncio


async def send(text):
    await asyncio.sleep(0)
    return text


async def both():
    sent = asyncio.gather(
        send("protected"),
        send("unprotected"),
    )
    protected, unprotected = await sent
    return protected, unprotected


async def one_list(texts):
    sent = asyncio.gather(*(send(text) for text in texts))
    # Wait for all.
    return await sent


async def dropped(shared):
    sent = asyncio.gather(send("a"), shared())
    await sent


async def several():
    first = asyncio.gather(send("a"), send("b"))
    print(len(await first))
    first = asyncio.gather(send("c"), send("d"))
    for text in await first:
        print(text)


if True:

    async def elsewhere():
        sent = asyncio.gather(send("a"), send("b"))
        return await sent
