import asyncio


async def load(fetch):
    print(f'{await asyncio.gather(fetch("/orders"), fetch("/returns"))=}')
