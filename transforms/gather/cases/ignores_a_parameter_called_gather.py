from asyncio import gather


def join_with():
    return gather


async def join(left, right, gather=None):
    return await gather(left(), right())
