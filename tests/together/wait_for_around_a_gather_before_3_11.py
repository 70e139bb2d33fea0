# asyncmend: --target-version 3.8
import asyncio


async def wait_until_ready(services, timeout):
    try:
        await asyncio.wait_for(asyncio.gather(*[s.ready.wait() for s in services]), timeout)
    except asyncio.TimeoutError:
        return False
    await asyncio.wait_for(
        asyncio.gather(*(s.start() for s in services), return_exceptions=True), timeout=30.0
    )
    return True
