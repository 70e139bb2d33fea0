import asyncio


async def start(workers):
    _background_tasks = [worker for worker in workers if worker.enabled]
    for worker in _background_tasks:
        asyncio.create_task(worker.run())
