try:
    from aiostream_tools import gather
except ImportError:
    gather = None


async def load(left, right):
    if gather is None:
        return [await left(), await right()]
    return await gather(left(), right())
