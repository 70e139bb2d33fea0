import asyncio

running = set()


def retain(job):
    running.add(job)
    job.add_done_callback(running.discard)
    return job


async def place_order(order, mailer):
    retain(asyncio.create_task(mailer.confirm(order)))
    retain(asyncio.ensure_future(mailer.invoice(order))).add_done_callback(print)
