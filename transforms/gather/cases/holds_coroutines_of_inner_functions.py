# asyncmend: --target-version 3.12
import asyncio


class Handler:
    def __init__(self):
        self.active = set()

    def stop(self, behavior):
        if behavior == "ignore":
            return asyncio.sleep(0)
        futures = []
        for activation in self.active:
            futures.append(activation.complete)

        async def wait():
            await asyncio.gather(*futures)

        return wait()

    def stop_all(self):
        futures = [activation.complete for activation in self.active]

        async def wait():
            await asyncio.wait(futures)
            await futures[0]

        return wait()

    def later(self, task):
        async def wait():
            await task

        return wait()

    def finish(self):
        return self._finish()

    async def _finish(self):
        await self.task


async def stop_one(handler: Handler, other: Handler):
    await asyncio.gather(handler.stop("wait"), other.stop("wait"))


async def stop_all(handler: Handler, other: Handler):
    await asyncio.gather(handler.stop_all(), other.stop_all())


async def wait_for_theirs(handler: Handler, other: Handler, task):
    await asyncio.gather(handler.later(task), other.later(other.task))


async def finish(handler: Handler, other: Handler):
    await asyncio.gather(handler.finish(), other.finish())
