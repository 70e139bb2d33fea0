# asyncmend: --target-version 3.9
import asyncio


class Exception(BaseException):
    pass


async def sync(inbox, outbox):
    await asyncio.gather(inbox.pull(), outbox.push())
