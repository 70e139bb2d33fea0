import asyncio


class Worker:
    def __init__(self, hub):
        self.hub = hub

    def start(self, work):
        self.hub.call_later(5, asyncio.create_task, work())
        self.hub.call_soon(asyncio.create_task, work())
