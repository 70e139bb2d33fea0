def _keep_task(PARAMETER: ANY) -> ANY:
    """Hold the task until it is done: the event loop holds it weakly."""
    _background_tasks.add(PARAMETER)
    PARAMETER.add_done_callback(_background_tasks.discard)
    return PARAMETER
