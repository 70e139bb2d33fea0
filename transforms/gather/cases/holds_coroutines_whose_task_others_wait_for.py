import asyncio
from typing import cast


async def load():
    await asyncio.sleep(1)


async def watch(task):
    print(await task)


async def report(jobs):
    for job in jobs.values():
        print(await job)


class Manager:
    async def awaited_inside(self):
        task = asyncio.create_task(load())

        async def report():
            print(await task)

        self.reporter = asyncio.create_task(report())
        return await task

    async def awaited_inside_and_called_later(self, loop):
        task = asyncio.create_task(load())

        async def report():
            print(await task)

        def start():
            self.reporter = loop.create_task(report())

        loop.call_later(1, start)
        await report()

    async def awaited_by_handler(self, app):
        task = asyncio.create_task(load())

        @app.get("/")
        async def report():
            return await task

        await task

    async def awaited_by_class(self):
        task = asyncio.create_task(load())

        class Handle:
            async def wait(self):
                return await task

        self.handle = Handle()
        return await task

    async def gone_through_inside(self):
        jobs = {}
        jobs["load"] = task = asyncio.create_task(load())

        async def report():
            for job in jobs.values():
                print(await job)

        self.reporter = asyncio.create_task(report())
        return await task

    async def handed_on_inside(self):
        jobs = [asyncio.create_task(load())]

        async def other():
            await watch(jobs[0])

        self.other = asyncio.create_task(other())
        await jobs[0]

    async def by_other_target(self):
        task = other = asyncio.create_task(load())
        self.pending.append(other)
        return await task

    async def shielded(self):
        task = asyncio.create_task(load())
        self.task = asyncio.shield(task)
        return await task

    async def ensured(self):
        task = asyncio.create_task(load())
        self.task = asyncio.ensure_future(task)
        return await task

    async def wrapped(self):
        task = asyncio.create_task(load())
        other = asyncio.wrap_future(task)
        self.pending.append(other)
        return await task

    async def waited_for_by_lambda(self):
        task = asyncio.create_task(load())
        self.get = lambda: asyncio.wait_for(task, 1)
        return await task

    async def cast_first(self):
        task = asyncio.create_task(load())
        self.task = cast(asyncio.Task, task)
        return await task

    async def by_keyword(self):
        task = asyncio.create_task(load())
        self.jobs = dict(first=task)
        return await task

    async def watched(self):
        task = asyncio.create_task(load())
        self.watcher = asyncio.create_task(watch(task))
        return await task

    async def watched_in_dict(self):
        jobs = {"load": asyncio.create_task(load())}
        self.watcher = asyncio.create_task(report(jobs))
        await jobs["load"]

    async def watched_by_lambda(self, loop):
        task = asyncio.create_task(load())
        loop.call_later(1, lambda: loop.create_task(watch(task)))
        return await task

    async def put_by_set(self):
        task = asyncio.create_task(load())
        self.variable.set(task)
        return await task

    async def put_by_log(self):
        task = asyncio.create_task(load())
        self.book.log(task)
        return await task

    async def put_by_wait(self):
        task = asyncio.create_task(load())
        self.pool.wait(task)
        return await task

    async def open(self, loop):
        await asyncio.gather(self.awaited_inside(), load())
        await asyncio.gather(self.awaited_inside_and_called_later(loop), load())
        await asyncio.gather(self.awaited_by_handler(None), load())
        await asyncio.gather(self.awaited_by_class(), load())
        await asyncio.gather(self.gone_through_inside(), load())
        await asyncio.gather(self.handed_on_inside(), load())
        await asyncio.gather(self.by_other_target(), load())
        await asyncio.gather(self.shielded(), load())
        await asyncio.gather(self.ensured(), load())
        await asyncio.gather(self.wrapped(), load())
        await asyncio.gather(self.waited_for_by_lambda(), load())
        await asyncio.gather(self.cast_first(), load())
        await asyncio.gather(self.by_keyword(), load())
        await asyncio.gather(self.watched(), load())
        await asyncio.gather(self.watched_in_dict(), load())
        await asyncio.gather(self.watched_by_lambda(loop), load())
        await asyncio.gather(self.put_by_set(), load())
        await asyncio.gather(self.put_by_log(), load())
        await asyncio.gather(self.put_by_wait(), load())
