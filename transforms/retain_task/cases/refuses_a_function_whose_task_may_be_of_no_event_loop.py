import asyncio
from typing import Any


class Client:
    def __init__(self, loop: Any = None):
        if loop is None:
            loop = asyncio.new_event_loop()
        self.loop = loop

    def schedule(self, coroutine):
        return self.loop.create_task(coroutine)

    def dispatch(self, event):
        self.schedule(self.on_event(event))

    async def on_event(self, event):
        await event.handle()

    async def handled(self, event):
        await self.schedule(self.on_event(event))
