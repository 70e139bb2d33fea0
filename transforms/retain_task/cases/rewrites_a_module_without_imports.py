"""Hooks that the server calls."""

DELAY = 5


async def on_startup(server):
    import asyncio

    asyncio.create_task(server.warm_up(DELAY))
