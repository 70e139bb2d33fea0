# asyncmend: --target-version 3.11
import asyncio


async def load():
    await asyncio.sleep(1)


class Manager:
    async def whole(self):
        match self.task:
            case None:
                pass
            case task:
                await task

    async def named(self):
        match self.task:
            case asyncio.Task() as task:
                await task

    async def first(self):
        match self.tasks:
            case [first, *rest]:
                await first

    async def others(self):
        match self.tasks:
            case [first, *rest]:
                await rest[0]

    async def item(self):
        match self.jobs:
            case {"load": job}:
                await job

    async def other_items(self):
        match self.jobs:
            case {"load": _, **rest}:
                await rest["other"]

    async def attribute(self):
        match self.job:
            case Job(task=task):
                await task

    async def stored(self):
        task = asyncio.create_task(load())
        match task:
            case other:
                self.task = other
        await task

    async def stored_part(self):
        task = asyncio.create_task(load())
        match task, 1:
            case other, number:
                self.task = other
        await task

    async def stored_list(self):
        task = asyncio.create_task(load())
        match [task]:
            case [*others]:
                self.tasks.extend(others)
        await task

    async def open(self):
        await asyncio.gather(self.whole(), load())
        await asyncio.gather(self.named(), load())
        await asyncio.gather(self.first(), load())
        await asyncio.gather(self.others(), load())
        await asyncio.gather(self.item(), load())
        await asyncio.gather(self.other_items(), load())
        await asyncio.gather(self.attribute(), load())
        await asyncio.gather(self.stored(), load())
        await asyncio.gather(self.stored_part(), load())
        await asyncio.gather(self.stored_list(), load())
