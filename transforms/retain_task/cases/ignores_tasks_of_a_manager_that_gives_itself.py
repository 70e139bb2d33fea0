import asyncio


class Tasks:
    def __init__(self):
        self._tasks = set()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        for task in self._tasks:
            task.cancel()

    def __enter__(self):
        print("entered")
        return self

    def __exit__(self, *exc_info):
        pass

    def create_task(self, coro) -> asyncio.Task:
        task = asyncio.get_running_loop().create_task(coro)
        self._tasks.add(task)
        return task


class Named(Tasks):
    name = "named"


async def work():
    await asyncio.sleep(1)


async def main():
    async with Tasks() as tasks:
        tasks.create_task(work())
        print("created")
    named = Named()
    with named as tasks:
        tasks.create_task(work())
        print("created")
