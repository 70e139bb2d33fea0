import asyncio


def notify(app, what):
    if not app.is_running:
        return
    return asyncio.create_task(app.send(what))


async def resume(app):
    if app.is_running:
        return
    await app.open()
    return asyncio.create_task(app.run())


async def on_startup(app):
    notify(app, "up")
    await resume(app)
