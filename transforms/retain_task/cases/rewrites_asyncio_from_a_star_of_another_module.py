from base import *


async def start(app):
    asyncio.create_task(app.run())
    await asyncio.wait_for(app.ready(), 3)
