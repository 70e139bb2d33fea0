import asyncio


async def run(fetch):
    try:
        fetch()
    except LookupError as asyncio:
        asyncio.gather(fetch(1), fetch(2))
