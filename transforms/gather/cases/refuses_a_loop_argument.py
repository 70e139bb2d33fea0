# asyncmend: --target-version 3.8
import asyncio


class Node:
    async def start(self):
        await asyncio.gather(self.listen(), self.announce(), loop=self.loop)

    async def listen(self):
        await asyncio.sleep(0)

    async def announce(self):
        await asyncio.sleep(0)
