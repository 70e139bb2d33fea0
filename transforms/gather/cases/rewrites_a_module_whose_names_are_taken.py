import asyncio


class _TaskGroup:
    def __init__(self, tasks):
        self.tasks = tasks


def _gather_or_cancel(tasks):
    return _TaskGroup(tasks)


async def fetch_stock(sku):
    await asyncio.sleep(0)


async def stock(warehouse):
    await asyncio.gather(fetch_stock("a"), fetch_stock("b"))
    return [await asyncio.gather(fetch_stock("c"), fetch_stock("d")), _gather_or_cancel([])]
