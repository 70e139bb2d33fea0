import asyncio
import contextlib


async def load():
    await asyncio.sleep(1)


def same(task):
    return task


def kept(task):
    tasks = [task]
    print("made", tasks)
    return tasks


async def later(task):
    return task


@contextlib.contextmanager
def managed(task):
    yield task


def register(first, second):
    TASKS.append(first)


TASKS = []


class Manager:
    async def handed_back(self):
        task = asyncio.create_task(load())
        self.task = same(task)
        await task

    async def handed_back_by_name(self):
        task = asyncio.create_task(load())
        other = same(task)
        self.tasks.append(other)
        await task

    async def in_list(self):
        task = asyncio.create_task(load())
        self.tasks = kept(task)
        await task

    async def by_function_inside(self):
        def own(given):
            return given

        task = asyncio.create_task(load())
        self.task = own(task)
        await task

    async def by_coroutine(self):
        task = asyncio.create_task(load())
        self.task = await later(task)
        await task

    async def by_method(self):
        task = asyncio.create_task(load())
        self.task = self.same(task)
        await task

    async def by_context(self):
        task = asyncio.create_task(load())
        with managed(task) as it:
            self.it = it
        await task

    async def by_generator(self):
        task = asyncio.create_task(load())

        async def each():
            yield task

        async for it in each():
            self.tasks.append(it)
        await task

    async def unpacked(self):
        tasks = [asyncio.create_task(load()), asyncio.create_task(load())]
        register(*tasks)
        await tasks[0]

    def same(self, task):
        return task

    async def open(self):
        await asyncio.gather(self.handed_back(), load())
        await asyncio.gather(self.handed_back_by_name(), load())
        await asyncio.gather(self.in_list(), load())
        await asyncio.gather(self.by_function_inside(), load())
        await asyncio.gather(self.by_coroutine(), load())
        await asyncio.gather(self.by_method(), load())
        await asyncio.gather(self.by_context(), load())
        await asyncio.gather(self.by_generator(), load())
        await asyncio.gather(self.unpacked(), load())
