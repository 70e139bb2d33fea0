# asyncmend: --target-version 3.10
import asyncio


async def handle(store, message):
    match message:
        case {"type": "sync", "keys": [first, second]}:
            return await asyncio.gather(store.pull(first), store.pull(second))
        case {"type": "drop"}:
            await asyncio.gather(store.drop(), store.compact())
        case _:
            return None
