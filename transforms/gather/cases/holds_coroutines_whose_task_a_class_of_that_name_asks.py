import asyncio

ALL = []


class Task(asyncio.Task):
    def done(self):
        ALL.append(self)
        return super().done()


async def load():
    await asyncio.sleep(1)


async def made():
    task = asyncio.create_task(load())
    print(any(map(Task.done, [task])))
    return await task


async def main():
    await asyncio.gather(made(), load())
