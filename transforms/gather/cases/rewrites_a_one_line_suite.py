import asyncio


async def flush(buffer):
    await asyncio.sleep(0)
    buffer.clear()


async def close(reader, writer, graceful):
    if graceful: await asyncio.gather(flush(reader.buffer), flush(writer.buffer))
    writer.close()
