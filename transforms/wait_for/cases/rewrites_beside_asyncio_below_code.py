# asyncmend: --target-version 3.9
from __future__ import annotations

from multiprocessing import current_process

if current_process().name == "job_proc":
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)

import asyncio
import time
from typing import Any, cast

DEADLINE: Any = cast(int, time.time())


async def next_job(queue: asyncio.Queue[int]) -> int:
    return await asyncio.wait_for(queue.get(), time.time())
