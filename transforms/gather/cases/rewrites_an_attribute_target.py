# asyncmend: --target-version 3.12
import asyncio


class Catalog:
    async def load_items(self):
        return []

    async def refresh(self):
        self.items, self.prices = await asyncio.gather(
            self.load_items(), self.load_prices()
        )

    async def load_prices(self):
        return {}
