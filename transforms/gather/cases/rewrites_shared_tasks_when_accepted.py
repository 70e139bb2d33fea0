# asyncmend: --target-version 3.9 --accept cancels-shared-task
import asyncio


class Supervisor:
    def __init__(self):
        self.children = []

    async def join(self):
        await asyncio.gather(*self.children)
