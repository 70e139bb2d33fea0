# asyncmend: --target-version 3.10
import asyncio


async def text(number: int) -> str:
    await asyncio.sleep(0)
    return str(number)


async def kept(number: int) -> str:
    return await asyncio.shield(text(number))


async def dropped() -> None:
    asyncio.create_task(text(1))
