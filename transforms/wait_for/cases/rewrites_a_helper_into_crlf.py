# asyncmend: --target-version 3.9
import asyncio


async def ask(terminal, seconds):
    return await asyncio.wait_for(terminal.prompt("?"), seconds)
