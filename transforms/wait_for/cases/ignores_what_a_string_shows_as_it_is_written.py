import asyncio


async def load(fetch):
    print(f'{await asyncio.wait_for(fetch("/orders"), 1)=}')
