import asyncio


class Poller:
    def start(self) -> "asyncio.Task[None]":
        return asyncio.create_task(self.run())

    async def restart(self) -> asyncio.Task:
        await self.stop()
        return asyncio.create_task(self.run())

    async def serve(self, server):
        self.start()
        await server.run()

    async def on_error(self, error):
        if error.is_final:
            return
        await self.restart()


def start_all(poller: Poller):
    poller.start()
    Poller.start(poller)
    other = Poller()
    other.start()
