import asyncio


class Pool:
    def start(self, coros, task):
        self.all = asyncio.gather(*coros)
        self.all = task

    def is_stopped(self):
        return self.all.cancelled()


class Awaited:
    def __init__(self, *coros):
        self._future = asyncio.gather(*coros)

    @classmethod
    def nothing(cls):
        instance = cls()
        instance._future = asyncio.Future()
        instance._future.set_result([])
        return instance

    def is_cancelled(self):
        return self._future.cancelled()
