# asyncmend: --target-version 3.12
import asyncio


async def read_part(index):
    await asyncio.sleep(0)
    return index


class Archive:
    async def open(self):
        self.parts = parts = await asyncio.gather(read_part(0), read_part(1))
        return len(parts)
