# asyncmend: --target-version 3.11
import asyncio


async def run(fetch, command):
    match command:
        case {"kind": kind, **asyncio}:
            asyncio.gather(fetch(1), fetch(2))
