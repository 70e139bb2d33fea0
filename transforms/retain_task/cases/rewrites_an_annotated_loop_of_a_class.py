import asyncio
from typing import Optional


class Poller:
    def __init__(self, source, *, loop: Optional[asyncio.AbstractEventLoop] = None) -> None:
        self._source = source
        self._loop = loop or asyncio.get_event_loop()

    def start(self) -> None:
        self._loop.create_task(self._source.read())
