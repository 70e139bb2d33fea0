import asyncio
from dask import gather


def start(coros):
    every = gather(*coros)
    return every.cancelled()
