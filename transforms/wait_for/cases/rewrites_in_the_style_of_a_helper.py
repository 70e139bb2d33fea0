# asyncmend: --set wait-for.style=helper
import asyncio


async def main(event):
    await asyncio.wait_for(event.wait(), timeout=2)
