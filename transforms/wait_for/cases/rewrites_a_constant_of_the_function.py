import asyncio


async def read_line(reader):
    grace = 0.25
    line = await asyncio.wait_for(reader.readline(), grace)
    return line.decode()
