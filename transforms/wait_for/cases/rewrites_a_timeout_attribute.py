import asyncio


class Camera:
    def __init__(self, config):
        self.config = config

    async def snapshot(self):
        return await asyncio.wait_for(self.capture(), self.config.timeout)

    async def capture(self):
        await asyncio.sleep(1)
        return b""
