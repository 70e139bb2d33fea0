import asyncio


class Service:
    async def serve(self, port):
        await asyncio.sleep(port)

    def start(self):
        self._serving = asyncio.gather(self.serve(80), self.serve(443))

    def stop(self):
        self._serving.cancel()
