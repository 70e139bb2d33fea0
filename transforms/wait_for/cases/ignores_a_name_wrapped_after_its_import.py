from asyncio import wait_for

from app.tracing import traced

wait_for = traced(wait_for)


async def read(stream):
    return await wait_for(stream.read(), 5)
