# asyncmend: --target-version 3.10
import asyncio


class Reader:
    async def read(self, source):
        return await asyncio.wait_for(source.read(), timeout=5)


class Writer:
    async def write(self, target, data):
        await asyncio.wait_for(target.write(data), timeout=5)
