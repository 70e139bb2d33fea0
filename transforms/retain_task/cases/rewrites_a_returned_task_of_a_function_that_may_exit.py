import asyncio
import sys


def start(work):
    if work:
        return asyncio.create_task(work())
    sys.exit(1)


def start_one(work):
    match work:
        case [only]:
            return asyncio.create_task(only())
        case _:
            return asyncio.create_task(work())


def main(work):
    start(work)
    start_one(work)
