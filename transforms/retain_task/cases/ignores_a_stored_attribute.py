import asyncio


class Poller:
    def start(self):
        self._task = asyncio.create_task(self.run())

    def restart(self):
        task = asyncio.create_task(self.run())
        self._task = task
