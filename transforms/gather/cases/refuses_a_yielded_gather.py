import asyncio

from tornado import gen


@gen.coroutine
def fetch_both(client, left, right):
    responses = yield asyncio.gather(client.fetch(left), client.fetch(right))
    return responses
