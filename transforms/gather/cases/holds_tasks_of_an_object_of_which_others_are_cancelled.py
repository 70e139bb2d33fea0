import asyncio


class Pool:
    def __init__(self, other):
        self._tasks = [asyncio.create_task(asyncio.sleep(1)), asyncio.create_task(asyncio.sleep(2))]
        self.other = other

    async def run(self):
        try:
            await asyncio.gather(*self._tasks)
        finally:
            for task in self.other._tasks:
                task.cancel()

    async def restart(self, work):
        for task in self._tasks:
            task.cancel()
        self._tasks = [asyncio.create_task(it()) for it in work]
        await asyncio.gather(*self._tasks)

    async def both(self, work):
        self.reader.cancel()
        self.writer.cancel()
        self.writer = asyncio.create_task(work())
        await asyncio.gather(self.reader, self.writer)
