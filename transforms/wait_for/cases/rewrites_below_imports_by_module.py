# asyncmend: --target-version 3.9
import asyncio
from base64 import b64decode
import logging
from os import path

log = logging.getLogger(__name__)


async def load(stock, name: str) -> bytes:
    log.info(path.basename(name))
    return b64decode(await asyncio.wait_for(stock.load(name), 1))
