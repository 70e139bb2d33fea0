import asyncio


async def run(fetch):
    try:
        fetch()
    except LookupError as asyncio:
        asyncio.create_task(fetch(1))
