from asyncio import wait_for


def run(fetch, farm):
    farm.on_start(lambda wait_for: wait_for(fetch(1), 5))
