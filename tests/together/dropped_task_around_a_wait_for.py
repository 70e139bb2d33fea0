# asyncmend: --target-version 3.9
import asyncio


class Shop:
    async def place_order(self, order):
        asyncio.create_task(asyncio.wait_for(self.mailer.confirm(order), timeout=10))
        asyncio.get_running_loop().call_later(
            30, lambda: asyncio.create_task(asyncio.wait_for(self.mailer.remind(order), 10))
        )
