import asyncio


class Pool:
    def start(self, coros):
        self.all = asyncio.gather(*coros)

    def failure(self):
        return self.all.exception() if self.all.done() else None
