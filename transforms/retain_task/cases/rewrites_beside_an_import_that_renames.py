from __future__ import annotations

import asyncio
from typing import Optional

from ..generated import constants
from ..generated import storage as st


def f(x: Optional[int]) -> None:
    asyncio.ensure_future(g(x))
    print(constants, st)


async def g(x: Optional[int]) -> None: ...
