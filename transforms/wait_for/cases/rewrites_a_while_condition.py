import asyncio


async def pump(reader, sink):
    while chunk := await asyncio.wait_for(reader.read(4096), timeout=30):
        sink.write(chunk)
