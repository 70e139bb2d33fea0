import sys

if sys.platform == "win32":
    raise ImportError("not here")

import asyncio
import contextlib
import os

__all__ = ["load_all"]


async def load_all(pages):
    with contextlib.closing(open(os.devnull)):
        return sorted(await asyncio.gather(*[page.load() for page in pages]))
