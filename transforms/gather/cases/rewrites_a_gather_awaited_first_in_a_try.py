# asyncmend: --target-version 3.12
import asyncio


async def send(text):
    await asyncio.sleep(0)
    return text


async def forgiven():
    sent = asyncio.gather(send("a"), send("b"))
    try:
        await sent
    except ValueError:
        print("failed")


async def used():
    sent = asyncio.gather(send("a"), send("b"))
    try:
        return list(await sent)
    finally:
        print("sent")
