import asyncio


class Batch:
    async def send(self, message):
        await asyncio.sleep(0)

    async def send_all(self, messages):
        await asyncio.gather(
            *[self.send(message) for message in messages],
            return_exceptions=not self.strict,
        )
