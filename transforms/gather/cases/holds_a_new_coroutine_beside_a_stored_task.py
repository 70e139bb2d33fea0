import asyncio


class Player:
    async def fade_out(self):
        await asyncio.sleep(2)

    async def stop(self):
        await asyncio.gather(self.fade_out(), self.stream_task)
