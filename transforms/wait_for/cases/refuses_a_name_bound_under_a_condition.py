import asyncio
import sys

import farm

if sys.platform == "win32":
    asyncio = farm


async def run(fetch):
    asyncio.wait_for(fetch(1), 5)
