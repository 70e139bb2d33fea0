# asyncmend: --target-version 3.11
import asyncio
import contextlib


async def load():
    await asyncio.sleep(1)


def same(task):
    task.set_name("load")
    return task


@contextlib.contextmanager
def managed(task):
    yield task


class Manager:
    async def of_results(self):
        task = asyncio.create_task(load())

        async def results():
            yield await task

        async for result in results():
            print(result)
        await task

    async def of_task(self):
        task = asyncio.create_task(load())

        async def each():
            yield task

        async for it in each():
            await it
        await task

    async def of_list(self):
        tasks = [asyncio.create_task(load())]

        def each():
            for task in tasks:
                yield task

        for task in each():
            await task

    async def listed(self):
        task = asyncio.create_task(load())

        async def results():
            yield await task

        return [it async for it in results()]

    async def of_new_tasks(self):
        for task in self.new():
            await task

    async def of_own_list(self):
        tasks = [asyncio.create_task(load())]

        async def later():
            for task in tasks:
                yield task

        async for task in later():
            await task

    async def of_pending(self):
        pending = {asyncio.create_task(load())}
        while pending:
            done, pending = await asyncio.wait(pending)
            for it in done:
                await it
            task = asyncio.create_task(load())
            pending.add(task)
        for it in pending:
            await it

    async def of_done(self):
        done, _ = await asyncio.wait([self.task, self.other])
        await done.pop()

    async def in_context(self):
        task = asyncio.create_task(load())
        with managed(task) as it:
            print(it)
        await task

    async def handed_back(self):
        task = same(asyncio.create_task(load()))
        await task

    async def handed_back_twice(self):
        task = asyncio.create_task(load())
        same(task)
        other = same(task)
        await other

    async def for_result(self):
        task = asyncio.create_task(load())
        self.result = await same(task)

    async def matched(self):
        task = asyncio.create_task(load())
        match await task:
            case 1 as result:
                self.result = result

    def new(self):
        for _ in range(3):
            yield asyncio.create_task(load())

    async def open(self):
        await asyncio.gather(self.of_results(), load())
        await asyncio.gather(self.of_task(), load())
        await asyncio.gather(self.of_list(), load())
        await asyncio.gather(self.listed(), load())
        await asyncio.gather(self.of_new_tasks(), load())
        await asyncio.gather(self.of_own_list(), load())
        await asyncio.gather(self.of_pending(), load())
        await asyncio.gather(self.of_done(), load())
        await asyncio.gather(self.in_context(), load())
        await asyncio.gather(self.handed_back(), load())
        await asyncio.gather(self.handed_back_twice(), load())
        await asyncio.gather(self.for_result(), load())
        await asyncio.gather(self.matched(), load())
