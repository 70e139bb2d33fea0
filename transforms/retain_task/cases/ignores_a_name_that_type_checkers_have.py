import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    start = asyncio.create_task
else:

    def start(job):
        job.close()


if not TYPE_CHECKING:

    def spawn(job):
        job.close()

else:
    from asyncio import create_task as spawn


async def run(jobs):
    for job in jobs:
        start(job)
        spawn(job)
