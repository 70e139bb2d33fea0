import asyncio

registry = {}


class Pending:
    def __init__(self, task):
        self.task = task


def register(task):
    registry["task"] = task


def register_by(name, task):
    register(task)


async def load():
    await asyncio.sleep(1)


class Manager:
    async def appended(self):
        task = asyncio.create_task(load())
        self.pending.append(task)
        return await task

    async def wrapped(self, key):
        task = asyncio.create_task(load())
        self.pending[key] = Pending(task)
        return await task

    async def set_by_name(self):
        task = asyncio.create_task(load())
        setattr(self, "task", task)
        return await task

    async def in_dict(self):
        task = asyncio.create_task(load())
        self.cache.update({1: task})
        return await task

    async def by_keyword(self):
        task = asyncio.create_task(load())
        self.cache.update(first=task)
        return await task

    async def in_tuple(self):
        self.pair = (task := asyncio.create_task(load()), 1)
        return await task

    async def listed(self):
        tasks = [asyncio.create_task(load()) for _ in range(3)]
        self.pending.extend(tasks)
        for task in tasks:
            await task

    def start(self):
        task = asyncio.create_task(load())
        self.pending.append(task)
        return task

    async def started(self):
        return await self.start()

    async def from_queue(self):
        task = await self.queue.get()
        return await task

    async def open(self):
        await asyncio.gather(self.appended(), load())
        await asyncio.gather(self.wrapped("key"), load())
        await asyncio.gather(self.set_by_name(), load())
        await asyncio.gather(self.in_dict(), load())
        await asyncio.gather(self.by_keyword(), load())
        await asyncio.gather(self.in_tuple(), load())
        await asyncio.gather(self.listed(), load())
        await asyncio.gather(self.started(), load())
        await asyncio.gather(self.from_queue(), load())


async def registered():
    task = asyncio.create_task(load())
    register(task)
    return await task


async def registered_by_another():
    task = asyncio.create_task(load())
    register_by(name="load", task=task)
    return await task


async def put(queue):
    task = asyncio.create_task(load())
    await queue.put(task)
    return await task


async def main(queue):
    await asyncio.gather(registered(), load())
    await asyncio.gather(registered_by_another(), load())
    await asyncio.gather(put(queue), load())
