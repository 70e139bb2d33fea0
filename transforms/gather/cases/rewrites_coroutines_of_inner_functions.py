# asyncmend: --target-version 3.12
import asyncio


async def job(number):
    return number


class Handler:
    def run(self, numbers):
        jobs = [job(number) for number in numbers]

        async def wait():
            await asyncio.gather(*jobs)

        return wait()

    def later(self, coroutine):
        async def wait():
            await coroutine

        return wait()


async def run(handler: Handler, other: Handler):
    await asyncio.gather(handler.run([1, 2]), other.run([3]))


async def later(handler: Handler, other: Handler):
    await asyncio.gather(handler.later(job(1)), other.later(job(2)))
