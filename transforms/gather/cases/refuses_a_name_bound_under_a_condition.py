import asyncio
import sys

import farm

if sys.platform == "win32":
    asyncio = farm


async def run(fetch):
    asyncio.gather(fetch(1), fetch(2))
