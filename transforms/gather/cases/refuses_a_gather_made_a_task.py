# asyncmend: --target-version 3.10
import asyncio


class Watcher:
    async def watch(self, path):
        await asyncio.sleep(0)

    def begin(self, paths):
        self.task = asyncio.ensure_future(asyncio.gather(*map(self.watch, paths)))
