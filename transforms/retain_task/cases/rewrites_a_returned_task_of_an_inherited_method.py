import asyncio


class Worker:
    def begin(self) -> asyncio.Task:
        return asyncio.create_task(self.work())


class Indexer(Worker):
    async def work(self):
        await self.index.refresh()

    def on_change(self, event):
        self.index.mark(event.path)
        self.begin()
