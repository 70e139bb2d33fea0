import asyncio


def start(job):
    return asyncio.create_task(job())


class Poller:
    def poll(self) -> asyncio.Task:
        return asyncio.create_task(self.run())

    def plan(self, loop: asyncio.AbstractEventLoop, job):
        loop.call_later(5, start, job)
        loop.call_soon(self.poll)
