import asyncio


class Pool:
    async def start(self, workers):
        for worker in workers:
            task = asyncio.create_task(worker.run())
            self.tasks.append(task)
        self.tasks.append(asyncio.create_task(self.watch()))
