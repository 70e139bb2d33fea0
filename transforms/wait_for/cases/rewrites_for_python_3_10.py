# asyncmend: --target-version 3.10
import asyncio


class Channel:
    async def send(self, frame):
        await asyncio.wait_for(self.writer.drain(), timeout=self.send_timeout)
        self.sent += len(frame)
