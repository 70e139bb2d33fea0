import asyncio
import logging

logger = logging.getLogger(__name__)


def log_failure(task):
    if not task.cancelled() and task.exception():
        logger.error("%s failed", task.get_name(), exc_info=task.exception())


def start(work, name):
    task = asyncio.create_task(work)
    task.set_name(name)
    task.add_done_callback(log_failure)
    return task


def start_poller(poller):
    task: asyncio.Task = asyncio.create_task(poller.run())
    task.add_done_callback(log_failure)
    return task


async def serve(server, poller):
    start(server.metrics(), "metrics")
    start_poller(poller)
    await server.run()
