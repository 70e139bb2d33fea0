import asyncio


async def load(fetch):
    print(f'{asyncio.create_task(fetch("/orders")).set_name("orders")=}')
