import pyrogram
from aiohttp import web


class Bot:
    loop: "pyrogram.AbstractEventLoop"

    def stop(self, block: bool) -> web.Response:
        import asyncio

        asyncio.get_running_loop().create_task(pyrogram.stop(self, block))
        return web.Response()
