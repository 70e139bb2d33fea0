# asyncmend: --target-version 3.10
import asyncio


async def load(client, _gather_or_cancel=None, tasks=()):
    if _gather_or_cancel is not None:
        return tasks
    return await asyncio.gather(client.users(), client.groups())
