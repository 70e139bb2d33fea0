from asyncio import create_task as spawn

from shop.cache import refresh_cache


async def warm_up(keys):
    for key in keys:
        spawn(refresh_cache(key))
