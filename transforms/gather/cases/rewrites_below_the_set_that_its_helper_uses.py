# asyncmend: --target-version 3.10
import asyncio

LIMIT = 3
_background_tasks = set()


async def start(coroutine):
    task = asyncio.create_task(coroutine)
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)


async def fetch(number):
    return number


async def main(numbers):
    return await asyncio.gather(*[fetch(number) for number in numbers[:LIMIT]])
