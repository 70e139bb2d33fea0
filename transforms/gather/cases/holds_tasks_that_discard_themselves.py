import asyncio


class Spooler:
    def __init__(self):
        self.pending = set()

    def add(self, printing):
        task = asyncio.create_task(printing)
        self.pending.add(task)
        task.add_done_callback(self.pending.discard)

    async def flush(self):
        await asyncio.gather(*list(self.pending))
