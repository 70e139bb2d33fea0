# asyncmend: --target-version 3.11
import asyncio


async def run(fetch, command):
    match command:
        case {"kind": kind, **asyncio}:
            asyncio.wait_for(fetch(1), 5)
