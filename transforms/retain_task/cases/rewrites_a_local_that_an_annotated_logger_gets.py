import asyncio
import logging


async def place_order(order, mailer, log: logging.Logger):
    task = asyncio.create_task(mailer.confirm(order))
    log.info("started %s", task)
