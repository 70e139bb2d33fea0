import asyncio


class Shop:
    def __init__(self):
        self._jobs = set()

    def start(self, job):
        task = asyncio.ensure_future(job)
        task.add_done_callback(self._jobs.discard)
        self._jobs.add(task)
