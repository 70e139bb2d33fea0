import farm


class Runner(farm.Runner):
    async def run(self, fetch):
        super().gather(fetch(1), fetch(2))
