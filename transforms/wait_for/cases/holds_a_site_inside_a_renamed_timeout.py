from asyncio import timeout as deadline, wait_for


async def read_all(readers):
    async with deadline(60):
        return [await wait_for(reader.read(), 5) for reader in readers]
