# asyncmend: --target-version 3.10
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import types
    from logging import Logger

    from .app import App


async def request(app: App, log: Logger, module: types.ModuleType) -> bytes:
    return await asyncio.wait_for(app.get(log, module), 5)
