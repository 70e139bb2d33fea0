import asyncio
import logging

logger = logging.getLogger(__name__)

all_queues = []
_background_tasks = set()


async def f(x):
    return x


async def source():
    task = asyncio.create_task(f(1))
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)


async def run(tasks):
    asyncio.gather(*tasks, return_exceptions=True)
    logger.debug("x")
    return 1
