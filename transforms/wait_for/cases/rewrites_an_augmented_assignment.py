import asyncio


class Buffer:
    async def fill(self, reader):
        self.data += await asyncio.wait_for(reader.read(1024), timeout=3)
