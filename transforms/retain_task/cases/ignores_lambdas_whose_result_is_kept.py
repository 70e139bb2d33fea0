import asyncio
from dataclasses import dataclass, field

spawn = lambda work: asyncio.create_task(work)  # noqa: E731


def spawner(work):
    return lambda: asyncio.create_task(work())


@dataclass
class Job:
    task: asyncio.Task = field(default_factory=lambda: asyncio.create_task(poll()))


async def poll():
    return await (lambda: asyncio.create_task(asyncio.sleep(1)))()
