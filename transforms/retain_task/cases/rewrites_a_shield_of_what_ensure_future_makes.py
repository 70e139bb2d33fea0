# asyncmend: --target-version 3.10
import asyncio


async def made():
    await asyncio.sleep(1)


async def known():
    await asyncio.shield(asyncio.ensure_future(made()))


async def of_a_call(stream):
    closing = asyncio.ensure_future(stream.aclose())
    await asyncio.shield(closing)
