# asyncmend: --set retain-task.helper=app.aio.keep
import asyncio

from app import settings


async def main(job):
    asyncio.create_task(job())
    await asyncio.sleep(settings.DELAY)
