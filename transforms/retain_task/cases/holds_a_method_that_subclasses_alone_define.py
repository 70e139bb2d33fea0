import asyncio
from collections.abc import Callable


class Base:
    _spawn: Callable


class Errors(Base):
    def on_error(self, error):
        self._spawn(self.report(error))
        self._log(error)
        task = self._spawn(self.report(error))
        return task

    async def report(self, error):
        print(error)


class Client(Errors):
    def _spawn(self, job) -> asyncio.Task:
        return asyncio.create_task(job)

    def _log(self, error):
        print(error)


class Other:
    def on_error(self, error):
        self._spawn(error)
