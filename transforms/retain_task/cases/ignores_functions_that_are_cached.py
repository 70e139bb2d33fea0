import asyncio
import functools


@functools.lru_cache(maxsize=None)
def poll(url):
    return asyncio.create_task(url.poll())


@functools.cache
def listen(url):
    return asyncio.create_task(url.listen())


def start(url):
    poll(url)
    listen(url)
