from asyncio import gather


def run(fetch, farm):
    farm.on_start(lambda gather: gather(fetch(1), fetch(2)))
