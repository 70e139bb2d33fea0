import asyncio


async def send(text):
    await asyncio.sleep(0)
    return text


async def after_a_statement():
    sent = asyncio.gather(send("a"), send("b"))
    print("sending")
    return await sent


async def behind_a_call():
    sent = asyncio.gather(send("a"), send("b"))
    print(input(), await sent)


async def twice():
    sent = asyncio.gather(send("a"), send("b"))
    print(await sent)
    return await sent


async def under_a_condition(wanted):
    sent = asyncio.gather(send("a"), send("b"))
    if wanted:
        return await sent


async def by_another_function():
    sent = asyncio.gather(send("a"), send("b"))

    async def later():
        return await sent

    return await later()


async def of_everybody():
    global shared
    shared = asyncio.gather(send("a"), send("b"))
    return await shared


async def in_a_loop(texts):
    for text in texts:
        sent = asyncio.gather(send(text), send(text))
        while await sent:
            text = ""
