import asyncio

from emitter import EventEmitter


class Session:
    def __init__(self):
        self.loop = asyncio.get_event_loop()


class Page(EventEmitter):
    def __init__(self, client: Session):
        super().__init__()
        self._client = client

    async def navigate(self): ...

    def start(self):
        self._client.loop.create_task(self.navigate())
