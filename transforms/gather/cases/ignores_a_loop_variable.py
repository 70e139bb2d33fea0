from asyncio import gather

STRATEGIES = [gather]


async def try_each(strategies, left, right):
    return [await gather(left(), right()) for gather in strategies]
