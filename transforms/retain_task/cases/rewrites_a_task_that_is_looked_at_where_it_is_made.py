import asyncio
import logging
import weakref

log = logging.getLogger(__name__)


async def place_order(order, mailer, workers):
    log.info("started %s", asyncio.create_task(mailer.confirm(order)))
    print(asyncio.ensure_future(mailer.confirm(order)))
    print(f"started {asyncio.create_task(mailer.confirm(order))!r:>20} for {order}")
    workers.append(asyncio.create_task(mailer.confirm(order)).get_name())
    workers.append(weakref.ref(asyncio.create_task(mailer.confirm(order))))
    asyncio.create_task(mailer.confirm(order)).order = order
    if not asyncio.create_task(mailer.confirm(order)):
        return None
    return asyncio.create_task(mailer.confirm(order)) is not None
