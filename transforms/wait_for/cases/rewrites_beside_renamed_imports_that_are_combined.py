# asyncmend: --target-version 3.10
import asyncio
from collections.abc import Mapping as M
from typing import Optional as Opt, cast

x: Opt[int] = cast("int", 1)


async def f(a: int, b: M) -> None:
    await asyncio.wait_for(b(1), 2)
