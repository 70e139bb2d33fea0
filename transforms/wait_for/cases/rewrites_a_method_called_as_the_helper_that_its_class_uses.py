# asyncmend: --target-version 3.10
import asyncio


class Client:
    async def _wait_for(self, fut):
        return await asyncio.wait_for(fut, 5)

    wait = _wait_for
