import asyncio
import contextvars


def start(work, context):
    copy = contextvars.copy_context()
    copy.run(asyncio.create_task, work(), context=context)
    copy.run(asyncio.create_task, *[work()])
