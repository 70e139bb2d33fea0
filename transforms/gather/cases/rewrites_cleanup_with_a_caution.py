# asyncmend: --target-version 3.10
import asyncio


class Hub:
    async def close(self):
        await asyncio.gather(*(link.send("bye") for link in self.links))

    async def run(self, links):
        try:
            await asyncio.gather(*(link.serve() for link in links))
        finally:
            await asyncio.gather(*(link.log() for link in links))

    async def restart(self, links):
        await asyncio.gather(*[link.wait_closed() for link in links])
        await asyncio.gather(*[link.shutdown_later() for link in links])

    async def forget(self, jobs):
        await asyncio.gather(*[job.cancel_launch() for job in jobs])
