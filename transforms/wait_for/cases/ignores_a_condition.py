import asyncio


class Pool:
    def __init__(self):
        self._changed = asyncio.Condition()
        self._idle = 0

    async def until_idle(self):
        async with self._changed:
            await self._changed.wait_for(lambda: self._idle > 0)
