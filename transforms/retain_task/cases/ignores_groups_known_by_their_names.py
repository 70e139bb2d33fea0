async def fill(group: "TaskGroup", work):
    group.create_task(work())


async def enter(stack, TaskGroup, work):
    group = await stack.enter_async_context(TaskGroup())
    group.create_task(work())
