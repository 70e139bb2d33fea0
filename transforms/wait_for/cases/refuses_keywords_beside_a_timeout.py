# asyncmend: --target-version 3.9
import asyncio


class Legacy:
    def __init__(self, loop=None):
        self.options = {} if loop is None else {"loop": loop}

    async def read(self, stream):
        return await asyncio.wait_for(stream.read(), timeout=5, **self.options)
