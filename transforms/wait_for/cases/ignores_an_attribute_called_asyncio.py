import asyncio  # noqa: F401


class Runner:
    async def run(self, fetch):
        self.asyncio.wait_for(fetch(1), 5)
