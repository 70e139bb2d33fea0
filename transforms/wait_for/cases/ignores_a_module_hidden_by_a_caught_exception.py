import asyncio


async def run(fetch):
    try:
        fetch()
    except LookupError as asyncio:
        asyncio.wait_for(fetch(1), 5)
