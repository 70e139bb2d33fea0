# asyncmend: --target-version 3.11
from asyncio import wait_for


async def run(fetch):
    try:
        fetch()
    except* LookupError as wait_for:
        wait_for(fetch(1), 5)
