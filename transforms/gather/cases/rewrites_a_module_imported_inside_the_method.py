class Mirror:
    async def pull(self, remote):
        return remote

    async def refresh(self):
        import asyncio

        await asyncio.gather(self.pull("main"), self.pull("backup"))
