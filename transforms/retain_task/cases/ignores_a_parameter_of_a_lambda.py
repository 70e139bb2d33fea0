from asyncio import create_task


def run(fetch, farm):
    farm.on_start(lambda create_task: create_task(fetch(1)))
