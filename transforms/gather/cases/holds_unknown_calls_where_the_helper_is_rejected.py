# asyncmend: --reject unknown-awaitable
import asyncio


async def sync(inbox, outbox):
    await asyncio.gather(inbox.pull(), outbox.push())
