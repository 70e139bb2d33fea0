# asyncmend: --target-version 3.11
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from farm import gather
else:
    from asyncio import gather


async def grow(plant):
    return await plant.grow()


async def run():
    return await gather(grow(1), grow(2))
