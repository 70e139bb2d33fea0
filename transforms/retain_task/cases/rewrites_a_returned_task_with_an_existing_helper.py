import asyncio

running = set()


def hold(task):
    running.add(task)
    task.add_done_callback(running.discard)
    return task


def ping(peer):
    return asyncio.create_task(peer.ping())


def greet(peer):
    return hold(asyncio.create_task(peer.greet()))


async def on_peer(peer):
    greet(peer)
    ping(peer)
