import asyncio


class Session:
    __slots__ = ("loop", "transport")

    def __init__(self, transport, loop: asyncio.AbstractEventLoop):
        self.transport = transport
        self.loop = loop

    def close(self):
        self.loop.create_task(self.transport.drain())
