import asyncio
import logging

log = logging.getLogger(__name__)


def send(mailer, order):
    task = asyncio.create_task(mailer.confirm(order))
    task.order = order
    log.debug("sending: %r", task)
    return task


async def place_order(mailer, order):
    send(mailer, order)


async def cancel_order(mailer, order):
    task = send(mailer, order)
    assert task is not None
