import asyncio
import functools


async def load():
    await asyncio.sleep(1)


@functools.cache
def codec():
    return asyncio.ensure_future(load())


def start():
    return asyncio.create_task(load())


started = functools.lru_cache(start)


def single_flight(function):
    running = []

    @functools.wraps(function)
    async def wrapper(*args):
        if not running:
            running.append(asyncio.ensure_future(function(*args)))
        return await running[0]

    return wrapper


@single_flight
async def session():
    await asyncio.sleep(1)


class Client:
    @single_flight
    async def login(self):
        await asyncio.sleep(1)

    async def open(self):
        await self.login()
        await load()

    async def wait(self):
        await asyncio.gather(self.login(), load())
        await asyncio.gather(self.open(), load())


async def wait_for_codec():
    return await codec()


async def wait_for_started():
    return await started()


async def wait_for_session():
    return await session()


async def main():
    await asyncio.gather(codec(), load())
    await asyncio.gather(wait_for_codec(), load())
    await asyncio.gather(started(), load())
    await asyncio.gather(wait_for_started(), load())
    await asyncio.gather(session(), load())
    await asyncio.gather(wait_for_session(), load())
