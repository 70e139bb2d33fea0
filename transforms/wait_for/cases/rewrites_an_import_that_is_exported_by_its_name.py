# asyncmend: --target-version 3.9
# The import says that it is meant for others.
from asyncio import wait_for as wait_for


async def fetch(page):
    return await wait_for(page.load(), 5)
