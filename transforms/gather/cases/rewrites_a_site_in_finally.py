# asyncmend: --target-version 3.10
import asyncio


class Bridge:
    async def close_client(self):
        await asyncio.sleep(0)

    async def close_server(self):
        await asyncio.sleep(0)

    async def run(self, serve):
        try:
            await serve()
        finally:
            await asyncio.gather(self.close_client(), self.close_server())
