"""Hooks
that the server calls.
"""


class Hooks:
    async def on_startup(self, server):
        import asyncio

        server.ready and asyncio.create_task(server.warm_up())
