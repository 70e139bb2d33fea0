# asyncmend: --target-version 3.12 --select wait-for
import asyncio


async def are_ready(probes):
    return [(await asyncio.wait_for(probe(), 5)).status for probe in probes]
