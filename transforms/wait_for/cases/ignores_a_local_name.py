import asyncio


async def until(condition, ready):
    wait_for = condition.wait_for
    async with condition:
        await wait_for(ready)
    await asyncio.sleep(0)
