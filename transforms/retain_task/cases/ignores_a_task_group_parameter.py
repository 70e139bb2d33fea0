import asyncio
from asyncio import TaskGroup


async def handle(tg: asyncio.TaskGroup, order):
    tg.create_task(order.confirm())


async def retry(group: "TaskGroup | None", order):
    if group is not None:
        group.create_task(order.retry())
