# asyncmend: --target-version 3.8
"""Loads the parts of a product page.

Nothing is cached here.
"""
from __future__ import annotations

import asyncio


async def load(api, sku: str) -> list[dict]:
    return await asyncio.gather(api.product(sku), api.stock(sku))
