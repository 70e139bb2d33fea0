import asyncio


class Cursor:
    async def advance(self, rows):
        self.current = row = await asyncio.wait_for(rows.get(), timeout=2)
        return row
