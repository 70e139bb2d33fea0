import asyncio


class Connection:
    def send(self, frame):
        return asyncio.create_task(self.writer.write(frame))

    async def reopen(self):
        await self.close()
        task = asyncio.create_task(self.listen())
        return task

    async def on_ping(self, ping):
        self.send(ping.answer())

    async def on_lost(self):
        await self.reopen()


class LoggedConnection(Connection):
    def on_pong(self, pong):
        self.send(pong.answer())
