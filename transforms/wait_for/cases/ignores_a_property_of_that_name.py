import asyncio  # noqa: F401


class Runner:
    @property
    def wait_for(self):
        return print

    async def run(self, fetch):
        self.wait_for(fetch(1), 5)
