# asyncmend: --target-version 3.8
import asyncio


class Node:
    async def join(self):
        await asyncio.wait_for(self.joined.wait(), timeout=5, loop=self.loop)
