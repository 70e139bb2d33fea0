import asyncio


def install(loop: asyncio.AbstractEventLoop, _keep_task, _background_tasks, mailer):
    _keep_task(mailer)
    loop.call_later(1, lambda: loop.create_task(mailer.flush(_background_tasks)))
