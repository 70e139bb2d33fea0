# asyncmend: --target-version 3.10
import asyncio
from typing import TYPE_CHECKING as TC

if TC:
    from collections.abc import Mapping


async def text(number: int) -> str:
    await asyncio.sleep(0)
    return str(number)


async def both(names: "Mapping[str, int]") -> tuple[str, str]:
    return await asyncio.gather(text(names["a"]), text(2))
