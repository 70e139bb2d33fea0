"""Like `await asyncio.wait_for(queue.get(), 5)`, but quiet."""
import asyncio

USAGE = """
    await asyncio.wait_for(queue.get(), timeout=5)
"""


async def nap():
    # await asyncio.wait_for(asyncio.sleep(1), timeout=5)
    await asyncio.sleep(1)
    return f"wait_for({USAGE!r}, 5)"
