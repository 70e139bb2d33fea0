import asyncio


def notify(app, what):
    return asyncio.create_task(app.send(what))


async def on_startup(app):
    await app.open()
    notify(app, "up")


async def on_shutdown(app):
    notify(app, "down")
    await app.close()
