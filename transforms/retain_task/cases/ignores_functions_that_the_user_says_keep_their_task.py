# asyncmend: --module app.main --set task-holders={app.main.*,*.create_task}
import asyncio

from hub import pool


def start(job):
    task = asyncio.create_task(job())
    REGISTER[id(task)] = task
    return task


def spawn(job):
    return asyncio.create_task(job())


def main(job):
    start(job)
    spawn(job)
    pool.create_task(job())
