import asyncio
from contextlib import suppress


class Session:
    async def flush(self):
        await self.writer.drain()

    async def close(self, reason):
        with suppress(asyncio.CancelledError):
            await asyncio.shield(self.flush())
        sent = await asyncio.wait_for(asyncio.shield(self.flush()), timeout=3)
        coroutine = self.flush()
        await asyncio.shield(coroutine)
        return sent, await (asyncio.shield((self.flush())))


async def flush(journal):
    await journal.drain()


async def close_journal(journal):
    await asyncio.shield(flush(journal))


async def close_in_time(journal):
    flushed = asyncio.shield(flush(journal))
    await asyncio.wait_for(flushed, 3)


async def close_all(sessions):
    for session in sessions:
        await asyncio.shield(
            # Whatever happens.
            close(session),
        )


async def close(session):
    await session.close("done")
