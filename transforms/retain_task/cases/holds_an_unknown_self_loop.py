class PollingMixin:
    """Mixed into classes that have a loop, or something like it."""

    def start(self):
        self.loop.create_task(self.poll())

    async def poll(self):
        await self.source.read()
