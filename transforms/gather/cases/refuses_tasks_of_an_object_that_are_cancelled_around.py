import asyncio


class Pool:
    def __init__(self):
        self._tasks = []
        self._by_name = {}

    def start(self, name, work):
        task = asyncio.create_task(work())
        self._tasks.append(task)
        self._by_name[name] = task

    async def run(self):
        try:
            await asyncio.gather(*self._tasks)
        except BaseException:
            for task in self._tasks:
                if not task.done():
                    task.cancel()
            raise

    async def run_by_name(self):
        try:
            await asyncio.gather(*self._by_name.values())
        finally:
            for task in list(self._by_name.values()):
                task.cancel()
            self._by_name.clear()

    async def stop(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks)

    async def both(self):
        try:
            await asyncio.gather(self.reader, self.writer)
        finally:
            self.reader.cancel()
            self.writer.cancel()


async def finish(pool):
    try:
        await asyncio.gather(*pool._tasks)
    finally:
        await asyncio.gather(*pool._tasks, return_exceptions=True)
