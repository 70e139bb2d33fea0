import asyncio

pending = []


def start():
    return asyncio.ensure_future(pending.pop())


def start_all(*works):
    return asyncio.ensure_future(works)


def start_either(work, other):
    if other is not None:
        work = other
    return asyncio.ensure_future(work)


def start_from_within(work):
    def start():
        return asyncio.ensure_future(work)

    start()


async def run(first, second):
    start()
    start_all(first, second)
    start_either(first, second)
    start_from_within(first)
