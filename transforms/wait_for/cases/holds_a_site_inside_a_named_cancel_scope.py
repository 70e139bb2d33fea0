# asyncmend: --target-version 3.10
import asyncio
from anyio import CancelScope


class Peer:
    def __init__(self):
        self.scope = CancelScope()

    async def first_word(self):
        with self.scope:
            return await asyncio.wait_for(self.read(), 5)
