import asyncio


class Forager:
    async def gather(self, *berries):
        await asyncio.sleep(len(berries))
        return berries

    async def forage(self):
        return await self.gather("blue", "black")
