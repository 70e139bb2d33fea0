class Modem:
    async def dial(self, number):
        import asyncio

        tone = await asyncio.wait_for(self.line.dial(number), timeout=20)
        return tone
