import asyncio


async def load():
    await asyncio.sleep(1)


async def made_global():
    global latest
    task = asyncio.create_task(load())
    latest = task
    return await task


def collected(generator):
    async def collect():
        return [value async for value in generator()]

    return collect


@collected
async def yielded():
    task = asyncio.create_task(load())
    yield task
    await task


async def grown(pending):
    task = asyncio.create_task(load())
    pending += [task]
    await task


async def outer():
    latest = None

    async def made_nonlocal():
        nonlocal latest
        task = asyncio.create_task(load())
        latest = task
        return await task

    await asyncio.gather(made_nonlocal(), load())
    await asyncio.gather(yielded(), load())
    await asyncio.gather(grown([]), load())
    return latest


class Manager:
    async def by_second_name(self):
        task = asyncio.create_task(load())
        other = task
        self.pending.append(other)
        return await task

    async def by_second_name_that_is_stored(self):
        task = asyncio.create_task(load())
        other = task
        self.task = other
        return await task

    async def by_list(self):
        task = asyncio.create_task(load())
        tasks = []
        tasks.append(task)
        self.tasks = tasks
        return await task

    async def by_dict(self):
        task = asyncio.create_task(load())
        tasks = {}
        tasks["load"] = task
        self.tasks = tasks
        return await task

    async def unpacked(self):
        task = asyncio.create_task(load())
        self.task, number = task, 1
        return await task

    async def by_lambda(self):
        task = asyncio.create_task(load())
        self.get = lambda: task
        return await task

    async def by_function(self):
        task = asyncio.create_task(load())

        def get():
            return task

        self.get = get
        return await task

    async def stored_by_function(self):
        task = asyncio.create_task(load())

        def store():
            self.task = task

        store()
        return await task

    async def by_walrus(self):
        await (task := asyncio.create_task(load()))
        self.tasks.append(task)

    async def by_loop(self):
        first = asyncio.create_task(load())
        second = asyncio.create_task(load())
        for task in (first, second):
            self.pending.append(task)
        await first
        await second

    async def by_branch(self, other):
        task = asyncio.create_task(load())
        self.task = task if other is None else other
        return await task

    async def by_comprehension(self):
        tasks = [asyncio.create_task(load()) for _ in range(3)]
        self.tasks = {task for task in tasks}
        for task in tasks:
            await task

    async def open(self):
        await asyncio.gather(made_global(), load())
        await asyncio.gather(self.by_second_name(), load())
        await asyncio.gather(self.by_second_name_that_is_stored(), load())
        await asyncio.gather(self.by_list(), load())
        await asyncio.gather(self.by_dict(), load())
        await asyncio.gather(self.unpacked(), load())
        await asyncio.gather(self.by_lambda(), load())
        await asyncio.gather(self.by_function(), load())
        await asyncio.gather(self.stored_by_function(), load())
        await asyncio.gather(self.by_walrus(), load())
        await asyncio.gather(self.by_loop(), load())
        await asyncio.gather(self.by_branch(None), load())
        await asyncio.gather(self.by_comprehension(), load())
