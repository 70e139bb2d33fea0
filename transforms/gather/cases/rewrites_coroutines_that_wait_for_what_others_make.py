import asyncio


class Client:
    def __init__(self, session):
        self.queue = asyncio.Queue()
        self.session = session
        self.seen = {}

    async def rest(self):
        await asyncio.sleep(1)

    async def of_a_queue(self):
        return await self.queue.get()

    async def of_a_session(self, url):
        self.seen.get(url)
        return await self.session.get(url)

    async def by_name(self, name):
        return await getattr(self, name)()

    async def in_a_block(self, url):
        async with self.session.get(url) as response:
            return await response.json()

    async def collected(self):
        tasks = []
        task = asyncio.create_task(self.rest())
        tasks.append(task)
        await task

    async def for_ever(self):
        await asyncio.Future()

    async def main(self):
        await asyncio.gather(self.of_a_queue(), self.rest())
        await asyncio.gather(self.of_a_session("/"), self.rest())
        await asyncio.gather(self.by_name("rest"), self.rest())
        await asyncio.gather(self.in_a_block("/"), self.rest())
        await asyncio.gather(self.collected(), self.rest())
        await asyncio.gather(self.for_ever(), self.rest())
