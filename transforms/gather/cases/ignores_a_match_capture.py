# asyncmend: --target-version 3.11
from asyncio import gather


async def run(fetch, command):
    match command:
        case [gather, "now"]:
            gather(fetch(1), fetch(2))
