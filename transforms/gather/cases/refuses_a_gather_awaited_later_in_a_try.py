import asyncio


async def send(text):
    await asyncio.sleep(0)
    return text


async def behind_something():
    sent = asyncio.gather(send("a"), send("b"))
    try:
        print("sending")
        await sent
    except ValueError:
        print("failed")


async def in_the_handler():
    sent = asyncio.gather(send("a"), send("b"))
    try:
        print("sending")
    except ValueError:
        await sent


async def asked():
    sent = asyncio.gather(send("a"), send("b"))
    try:
        await sent
    finally:
        print(sent.done())
