async def _gather_or_cancel(*aws: ANY) -> ANY:
    """Await all, as gather does; when one fails, cancel the others."""
    tasks = {aw: asyncio.ensure_future(aw) for aw in dict.fromkeys(aws)}
    try:
        return await asyncio.gather(*(tasks[aw] for aw in aws))
    except Exception:
        for task in tasks.values():
            if not task.done():
                task.cancel()
                _keep_task(task)
        raise
