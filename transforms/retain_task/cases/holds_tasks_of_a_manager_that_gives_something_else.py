import asyncio


class Tasks:
    def __init__(self, inner):
        self.inner = inner

    async def __aenter__(self):
        if self.inner:
            return self.inner
        return self

    async def __aexit__(self, *exc_info):
        pass

    def create_task(self, coro):
        print(coro)


async def work():
    await asyncio.sleep(1)


async def main(inner):
    async with Tasks(inner) as tasks:
        tasks.create_task(work())
        print("created")
