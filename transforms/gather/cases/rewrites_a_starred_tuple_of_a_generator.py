# asyncmend: --target-version 3.12
import asyncio


async def job(number):
    return number


async def of_a_generator(numbers):
    return await asyncio.gather(*tuple(job(number) for number in numbers))


async def of_a_comprehension(numbers):
    await asyncio.gather(*list([job(number) for number in numbers if number]))


async def of_a_display():
    await asyncio.gather(*tuple([job(1), job(2)]))


async def of_a_map(numbers):
    await asyncio.gather(*tuple(map(job, numbers)))


async def of_tasks(numbers):
    await asyncio.gather(*list(asyncio.create_task(job(number)) for number in numbers))


async def beside_others(numbers):
    await asyncio.gather(job(0), *tuple(job(number) for number in numbers))


async def of_a_long_one(numbers):
    await asyncio.gather(
        *tuple(
            job(number + number + number + number)
            for number in numbers
            if number > 1 and number < 1000
        )
    )


async def below_a_comment(numbers):
    await asyncio.gather(
        *tuple(  # all of them
            job(number) for number in numbers
        )
    )
