import asyncio


def start(app):
    task = None
    if app.enabled:
        task = asyncio.create_task(app.run())
    return task


def start_or_reuse(app):
    task = app.current
    if task is None:
        task = asyncio.create_task(app.run())
    return task


def start_given(app, task=None):
    if task is None:
        task = asyncio.create_task(app.run())
    return task


def on_boot(app):
    start(app)
    start_or_reuse(app)
    start_given(app)
