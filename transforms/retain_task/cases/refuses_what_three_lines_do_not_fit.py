# asyncmend: --set retain-task.style=inline
import asyncio


def main(job, loop: asyncio.AbstractEventLoop, is_wanted):
    loop.call_later(5, loop.create_task, job())
    is_wanted and asyncio.create_task(job())
    on_exit(lambda: asyncio.create_task(job()))
