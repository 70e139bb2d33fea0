# asyncmend: --accept may-be-overridden
import asyncio


class Session:
    def touch(self):
        return asyncio.create_task(self.store.touch(self.id))

    async def reload(self):
        await self.store.flush()
        return asyncio.create_task(self.store.load(self.id))

    async def on_message(self, message):
        self.touch()
        if message.is_reload:
            await self.reload()
