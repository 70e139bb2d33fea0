"""Doc."""
from __future__ import annotations

import logging  # isort:skip
log = logging.getLogger(__name__)

# Standard library imports
import asyncio
import gc
import os
import sys


async def fetch(number):
    return number


async def main():
    await asyncio.gather(fetch(1), fetch(2))
    return gc.collect(), os.getpid(), sys.argv
