import asyncio


class NullStore:
    async def load(self, keys):
        return await asyncio.gather()
