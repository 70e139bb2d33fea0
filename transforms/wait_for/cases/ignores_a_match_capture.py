# asyncmend: --target-version 3.11
from asyncio import wait_for


async def run(fetch, command):
    match command:
        case [wait_for, "now"]:
            wait_for(fetch(1), 5)
