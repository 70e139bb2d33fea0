# asyncmend: --target-version 3.11
import asyncio


async def run(fetch, command):
    match command:
        case {"kind": kind, **asyncio}:
            asyncio.create_task(fetch(1))
