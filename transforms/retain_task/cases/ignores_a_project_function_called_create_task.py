from shop.tasks import create_task
from shop import tracker


def ensure_future(job):
    tracker.jobs.append(job)


async def place_order(order):
    create_task("confirm", order)
    ensure_future(order.ship())
