import asyncio

_poller = None


async def start(source):
    global _poller
    _poller = asyncio.create_task(source.poll())
