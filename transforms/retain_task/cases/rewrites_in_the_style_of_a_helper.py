# asyncmend: --set retain-task.style=helper
import asyncio


def main(job):
    asyncio.create_task(job())
