# asyncmend: --target-version 3.8
"""Talks to the printer."""
from __future__ import annotations

import asyncio


async def status(printer, seconds: float | None) -> str:
    return await asyncio.wait_for(printer.status(), seconds)
