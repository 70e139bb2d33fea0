import asyncio  # noqa: F401


class Runner:
    async def run(self, fetch):
        self.asyncio.gather(fetch(1), fetch(2))
