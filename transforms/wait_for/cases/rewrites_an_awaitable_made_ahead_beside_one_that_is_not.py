# asyncmend: --target-version 3.11
import asyncio


async def inspect(page: object, index: int) -> tuple[int, str]:
    count = await asyncio.wait_for(page.count(), 5)
    facts = await asyncio.wait_for(page.nth(index).evaluate(), 5)
    return count, facts
