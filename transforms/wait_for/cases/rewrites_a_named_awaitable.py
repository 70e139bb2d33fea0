import asyncio


async def settle(job):
    running = asyncio.ensure_future(job())
    try:
        await asyncio.wait_for(running, timeout=5)
    finally:
        running.cancel()
