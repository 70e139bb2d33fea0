import asyncio  # noqa: F401


class Runner:
    @property
    def gather(self):
        return print

    async def run(self, fetch):
        self.gather(fetch(1), fetch(2))
