import asyncio


class Hub:
    def __init__(self):
        self._subscribers = set()

    async def drain(self):
        if self._subscribers: await asyncio.gather(*self._subscribers)
