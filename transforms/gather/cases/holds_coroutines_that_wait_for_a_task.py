import asyncio


class Worker:
    def start(self):
        self._task = asyncio.create_task(self.run())

    async def run(self):
        await asyncio.sleep(1)

    async def wait(self):
        return await self._task

    async def wait_on(self, other: "Worker"):
        await asyncio.gather(self.wait(), self.run())


async def main(one: Worker, other: Worker):
    await asyncio.gather(one.wait(), other.run())
