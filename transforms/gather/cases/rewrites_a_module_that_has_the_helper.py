# asyncmend: --target-version 3.9
import asyncio

_background_tasks = set()


def _keep_task(task):
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)
    return task


async def _gather_or_cancel(*aws):
    """Await all, as asyncio.gather() does; when one fails, cancel the others."""
    tasks = {aw: asyncio.ensure_future(aw) for aw in dict.fromkeys(aws)}
    try:
        return await asyncio.gather(*(tasks[aw] for aw in aws))
    except Exception:
        for task in tasks.values():
            if not task.done():
                task.cancel()
                _keep_task(task)
        raise


async def load_first(client):
    return await _gather_or_cancel(client.users(), client.groups())


async def load_second(client):
    return await asyncio.gather(client.roles(), client.rights())
