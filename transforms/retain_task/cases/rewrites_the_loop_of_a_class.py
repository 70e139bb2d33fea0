import asyncio


class Poller:
    def __init__(self, source):
        self.source = source
        self.loop = asyncio.get_event_loop()

    def start(self):
        self.loop.create_task(self.run())

    async def run(self):
        await self.source.read()
