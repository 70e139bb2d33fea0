import asyncio


async def notify(channel):
    await asyncio.sleep(0)


def install(hooks):
    hooks["after_save"] = lambda: asyncio.gather(notify("mail"), notify("chat"))
