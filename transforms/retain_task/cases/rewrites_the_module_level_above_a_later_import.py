import asyncio

asyncio.get_event_loop().create_task(asyncio.sleep(1))

from shop.web import app  # needs the loop above


async def on_startup():
    asyncio.create_task(app.warm_up())
