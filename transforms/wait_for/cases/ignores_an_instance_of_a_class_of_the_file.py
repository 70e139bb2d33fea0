class Farm:
    def wait_for(self, *work):
        return work


async def run(fetch):
    farm = Farm()
    farm.wait_for(fetch(1), 5)
