import asyncio
import threading


class Bridge(threading.Thread):
    def __init__(self, loop, session):
        super().__init__(daemon=True)
        self.loop = loop
        self.session = session

    def run(self):
        for line in self.session.lines():
            asyncio.run_coroutine_threadsafe(self.session.handle(line), self.loop)
