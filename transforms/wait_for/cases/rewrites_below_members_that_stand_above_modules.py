# asyncmend: --target-version 3.9
from __future__ import annotations

from typing import Dict, Optional
import asyncio
import uuid

from .errors import Oops


class Client:
    async def wait(self, fut: asyncio.Future, timeout: int) -> Dict:
        return await asyncio.wait_for(fut, timeout=timeout)

    async def more(self, key: Optional[int]) -> int:
        raise Oops(key or uuid.uuid4())
