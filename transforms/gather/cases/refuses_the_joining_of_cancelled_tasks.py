import asyncio


class Worker:
    def __init__(self):
        self.tasks = []

    async def stop(self):
        for task in self.tasks: task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
