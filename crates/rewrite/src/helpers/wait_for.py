if sys.version_info >= (3, 12):
    _wait_for = asyncio.wait_for
else:

    async def _wait_for(PARAMETER: ANY, timeout: ANY) -> ANY:
        """Wait as asyncio.wait_for() does, but lose no cancellation."""
        if timeout is None:
            return await PARAMETER
        expired = timeout <= 0
        task = asyncio.ensure_future(PARAMETER)
        try:
            if not expired:
                await asyncio.wait([task], timeout=timeout)
        except asyncio.CancelledError as exc:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
            elif not task.cancelled() and task.exception() is None:
                # The result now; the cancellation at the next await.
                me: ANY = asyncio.current_task()
                if hasattr(me, "uncancel"):
                    me.uncancel()
                me.cancel(*exc.args)
                return task.result()
            raise
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.wait([task])
        try:
            return task.result()
        except asyncio.CancelledError as exc:
            raise TIMEOUT_ERROR from exc
