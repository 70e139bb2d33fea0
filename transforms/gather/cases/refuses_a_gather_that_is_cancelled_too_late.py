import asyncio


async def send(text):
    await asyncio.sleep(0)
    return text


async def by_a_handler():
    sent = asyncio.gather(send("a"), send("b"))
    try:
        await sent
    except ValueError:
        print("failed")
        sent.cancel()


async def by_a_finally():
    sent = asyncio.gather(send("a"), send("b"))
    try:
        await sent
    finally:
        sent.cancel()
