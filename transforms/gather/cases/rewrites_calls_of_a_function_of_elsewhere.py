# asyncmend: --target-version 3.9 --set gather.style=helper
import asyncio


async def load() -> tuple[str, int]:
    name, size = await asyncio.gather(
        asyncio.to_thread(str, 1), asyncio.to_thread(int, "1")
    )
    return name, size
