from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop


def start_poller(loop: AbstractEventLoop, source) -> None:
    loop.create_task(source.poll())
