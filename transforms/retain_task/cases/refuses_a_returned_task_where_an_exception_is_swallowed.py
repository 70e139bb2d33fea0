import asyncio
import contextlib


def start(app):
    with contextlib.suppress(RuntimeError):
        return asyncio.create_task(app.run())


def on_boot(app):
    start(app)
