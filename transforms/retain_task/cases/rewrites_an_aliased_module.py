import asyncio as aio

from shop.cache import refresh_cache


class Catalogue:
    async def lookup(self, key):
        if key not in self.entries:
            aio.create_task(refresh_cache(key))
        return self.entries.get(key)
