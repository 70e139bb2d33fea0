import asyncio

_background_tasks = ["mail", "stock"]


def _keep_task(name):
    return name in _background_tasks


async def start(worker):
    if _keep_task(worker.name):
        worker.enabled and asyncio.create_task(worker.run())
