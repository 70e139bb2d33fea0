"""Replaces `await asyncio.gather(fetch_user(1), fetch_user(2))`."""
import asyncio

EXAMPLE = """
await asyncio.gather(fetch_user(1), fetch_user(2))
"""


async def nap():
    # await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))
    await asyncio.sleep(1)
    return "asyncio.gather(*tasks)"
