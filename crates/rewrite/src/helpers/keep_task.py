def _keep_task(PARAMETER: ANY) -> ANY:
    """Hold the task until it is done: the event loop only has a weak reference."""
    _background_tasks.add(PARAMETER)
    PARAMETER.add_done_callback(_background_tasks.discard)
    return PARAMETER
