import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    start = asyncio.create_task
else:

    def start(job):
        job.close()


async def run(jobs):
    for job in jobs:
        start(job)
