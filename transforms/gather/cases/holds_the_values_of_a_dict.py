import asyncio


class Rooms:
    def __init__(self):
        self.tasks = {}

    async def settle(self):
        await asyncio.gather(*self.tasks.values())
