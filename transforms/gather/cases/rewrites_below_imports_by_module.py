import asyncio
from collections.abc import Iterable
import logging
from os import path
import socket
import tempfile
from urllib import parse

from shop import stock

log = logging.getLogger(__name__)


async def load(urls: Iterable[str]) -> None:
    async def fetch(url: str) -> None:
        log.info(parse.quote(url))
        await stock.load(path.join(tempfile.gettempdir(), socket.gethostname(), url))

    await asyncio.gather(*[fetch(url) for url in urls])
