class PollingMixin:
    def start(self):
        task = self.loop.create_task(self.poll())
        task.owner = self
        print(f"started {task}")

    async def poll(self):
        await self.source.read()
