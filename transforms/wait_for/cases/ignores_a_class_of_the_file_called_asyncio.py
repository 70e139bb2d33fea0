class asyncio:
    @staticmethod
    def wait_for(*work):
        return work


async def run(fetch):
    asyncio.wait_for(fetch(1), 5)
