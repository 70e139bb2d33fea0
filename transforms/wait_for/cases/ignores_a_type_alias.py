# asyncmend: --target-version 3.12 --select wait-for
import asyncio  # noqa: F401

type wait_for = list[int]


async def run(fetch):
    wait_for(fetch(1), 5)
