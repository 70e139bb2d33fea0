import asyncio

PATIENCE = 5


def be_impatient():
    global PATIENCE
    PATIENCE = 0


async def read(stream):
    return await asyncio.wait_for(stream.read(), timeout=PATIENCE)
