import asyncio


class Importer:
    @classmethod
    async def prepare(cls):
        await asyncio.gather(cls.check_schema(), cls.check_space())

    @classmethod
    async def check_schema(cls):
        await asyncio.sleep(0)

    @classmethod
    async def check_space(cls):
        await asyncio.sleep(0)
