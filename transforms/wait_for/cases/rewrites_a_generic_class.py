# asyncmend: --target-version 3.12 --select wait-for
import asyncio


class Mailbox[T]:
    def __init__(self) -> None:
        self._items: asyncio.Queue[T] = asyncio.Queue()

    async def take(self) -> T:
        item = await asyncio.wait_for(self._items.get(), timeout=5)
        return item
