import asyncio
import functools


def retry(function):
    @functools.wraps(function)
    def call(*args):
        return asyncio.ensure_future(function(*args))

    return call


@retry
async def upload(part):
    await asyncio.sleep(0)
    return part


async def upload_all(parts):
    return await asyncio.gather(*[upload(part) for part in parts])
