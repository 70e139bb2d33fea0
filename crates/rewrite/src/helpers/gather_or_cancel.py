async def _gather_or_cancel(*aws):
    """Await all, as asyncio.gather() does; when one fails, cancel the others."""
    tasks = [asyncio.ensure_future(aw) for aw in aws]
    try:
        return await asyncio.gather(*tasks)
    except Exception:
        for task in tasks:
            if not task.done():
                task.cancel()
                _keep_task(task)
        raise
