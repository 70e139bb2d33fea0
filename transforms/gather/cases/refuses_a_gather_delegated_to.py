# asyncmend: --target-version 3.8
import asyncio
import types


@types.coroutine
def settle(left, right):
    results = yield from asyncio.gather(left.settle(), right.settle())
    return results
