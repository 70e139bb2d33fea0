import asyncio


class Pool:
    def start(self, coros, task):
        self.all = asyncio.gather(*coros)
        self.all = task

    def is_stopped(self):
        return self.all.cancelled()
