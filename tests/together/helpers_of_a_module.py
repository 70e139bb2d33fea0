# asyncmend: --module app.web.views --helper-module app.aio
"""Views."""
import asyncio

from ..db import load
from . import forms


async def fetch(key):
    return await asyncio.sleep(0, key)


async def main(later, shared):
    asyncio.create_task(later())
    a, b = await asyncio.gather(fetch(1), fetch(2))
    await asyncio.gather(load(shared), fetch(3), return_exceptions=False)
    return [a, b, await asyncio.wait_for(shared, 3)]
