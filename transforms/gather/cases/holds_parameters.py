import asyncio


async def relay(reader_task, writer_task):
    await asyncio.gather(reader_task, writer_task)
