class asyncio:
    @staticmethod
    def gather(*work):
        return work


async def run(fetch):
    asyncio.gather(fetch(1), fetch(2))
