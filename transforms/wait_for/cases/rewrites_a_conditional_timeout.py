import asyncio


async def boot(machine, slow):
    await asyncio.wait_for(machine.boot(), timeout=300 if slow else None)
