# asyncmend: --target-version 3.10
import asyncio


def watch(event):
    return asyncio.ensure_future(asyncio.wait_for(event.wait()))
