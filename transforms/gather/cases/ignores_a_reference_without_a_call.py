import asyncio
import functools

JOINERS = {"all": asyncio.gather, "any": asyncio.wait}
collect = functools.partial(asyncio.gather, return_exceptions=True)


async def join(how, *aws):
    return await JOINERS[how](*aws)
