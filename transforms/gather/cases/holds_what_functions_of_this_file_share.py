import asyncio

pending = []


async def work(number):
    await asyncio.sleep(number)


def spawn(number):
    task = asyncio.create_task(work(number))
    pending.append(task)
    return task


def spawn_of(coroutine):
    return asyncio.create_task(coroutine)


class Pool:
    def start(self) -> asyncio.Task:
        self.task = asyncio.create_task(work(1))
        return self.task

    def join(self):
        return asyncio.create_task(self.wait())

    async def wait(self):
        await self.task

    async def run(self):
        await asyncio.gather(self.start(), work(2))
        await asyncio.gather(self.join(), work(2))
        await asyncio.gather(spawn_of(self.task), work(2))


async def main():
    await asyncio.gather(spawn(1), spawn(2))
