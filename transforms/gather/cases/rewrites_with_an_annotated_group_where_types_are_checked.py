# asyncmend: --set types-are-checked=true
import asyncio


async def load(name):
    await asyncio.sleep(0)
    return name


async def page():
    user, posts = await asyncio.gather(load("user"), load("posts"))
    return user, posts
