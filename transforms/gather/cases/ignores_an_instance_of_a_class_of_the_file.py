class Farm:
    def gather(self, *work):
        return work


async def run(fetch):
    farm = Farm()
    farm.gather(fetch(1), fetch(2))
