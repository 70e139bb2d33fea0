import asyncio


class Hub:
    def __init__(self):
        self.jobs = {}

    def call_later(self, delay, function, *args):
        self.jobs[function] = delay, args

    def call_soon(self, function, *args):
        return function(*args)


async def start(work):
    hub = Hub()
    hub.call_later(5, asyncio.create_task, work())
    task = hub.call_soon(asyncio.create_task, work())
    await task
