# asyncmend: --target-version 3.9
import asyncio
import typing

import requests


class Client:
    async def wait(self, fut: asyncio.Future, timeout: int) -> typing.Dict:
        return await asyncio.wait_for(fut, timeout=timeout)

    async def more(self, url: typing.Optional[str]) -> int:
        asyncio.create_task(self.wait(requests.get(url), 1))
        return 1
