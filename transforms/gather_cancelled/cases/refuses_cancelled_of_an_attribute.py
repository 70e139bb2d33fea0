import asyncio


class Crawler:
    def __init__(self):
        self.pages = None

    def start(self, urls):
        self.pages = asyncio.gather(*(self.fetch(url) for url in urls))

    async def fetch(self, url):
        await asyncio.sleep(0)

    def is_stopped(self):
        return self.pages is not None and self.pages.cancelled()
