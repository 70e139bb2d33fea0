class _TaskGroup(asyncio.TaskGroup):
    """Raises the first failure or a cancellation itself, as gather does."""

    _parent_cancel_requested: bool
    _sleep: ANY = staticmethod(asyncio.sleep)  # tests may replace it

    async def __aexit__(self, *exc_info: object) -> ANY:
        task: ANY = asyncio.current_task()
        leave: ANY = super().__aexit__
        cancels = task.cancelling()
        try:
            return await leave(*exc_info)
        except BaseExceptionGroup as group:
            failure = group.exceptions[0]
        if sys.version_info < (3, 13) and self._parent_cancel_requested:
            if task.cancelling() > cancels:
                task.uncancel()  # the group's own cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._sleep(0)  # takes a cancel() that was left pending
        if task.cancelling() > cancels:
            raise asyncio.CancelledError from failure
        if failure is exc_info[1]:
            return False  # raised in the block itself
        raise failure
