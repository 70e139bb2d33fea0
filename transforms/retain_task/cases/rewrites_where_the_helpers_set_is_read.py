import asyncio

_running = set()


def _retain(job):
    _running.add(job)
    job.add_done_callback(_running.discard)
    return job


async def place_order(order, mailer):
    _retain(asyncio.create_task(mailer.confirm(order)))
    order.paid and asyncio.create_task(mailer.thank(order))
    asyncio.create_task(mailer.invoice(order))


async def stop():
    for job in _running:
        job.cancel()
