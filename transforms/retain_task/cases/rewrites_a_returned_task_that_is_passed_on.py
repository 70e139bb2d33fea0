import asyncio


def start(app):
    return asyncio.create_task(app.run())


def restart(app):
    app.stop()
    return start(app)


def on_reload(app):
    restart(app)
