import farm


class Runner(farm.Runner):
    async def run(self, fetch):
        super().wait_for(fetch(1), 5)
