# asyncmend: --module app.web.views --set coroutine-functions=app.*.call
import asyncio

from app import rpc
from ..queue import call as enqueue


class Client:
    call = rpc.Method()


async def main():
    a, b = await asyncio.gather(rpc.call(1), enqueue(2))
    return a, b


async def by_map(keys):
    return await asyncio.gather(*map(rpc.call, keys))
