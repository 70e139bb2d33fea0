import asyncio


class Store:
    async def settle(self):
        await self.connection.drain()


async def settle(store: Store, shielded):
    call = store.settle()
    return bool(await (asyncio.shield(call) if shielded else call))
