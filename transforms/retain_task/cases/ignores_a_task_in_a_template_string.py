# asyncmend: --target-version 3.14
import asyncio


async def show(fetch):
    task = asyncio.create_task(fetch("/orders"))
    return t"started {task}"
