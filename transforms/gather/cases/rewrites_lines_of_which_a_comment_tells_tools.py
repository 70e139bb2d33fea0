import asyncio


async def fetch(number: int) -> int:
    return number


async def pair(one, other):
    first, second = await asyncio.gather(fetch("1"), fetch(one))  # type: ignore[arg-type]
    return first, second, other


async def dropped():
    await asyncio.gather(fetch(1), fetch(2))  # reviewed  # noqa: FOO100


async def skipped():
    return await asyncio.gather(fetch(1), fetch(2))  # pragma: no cover


async def several():
    return await asyncio.gather(  # pyright: ignore[reportArgumentType]
        fetch("1"),
        fetch(2),
    )


async def looped():
    for number in await asyncio.gather(fetch(1), fetch(2)):  # pylint: disable=all
        print(number)


# The lines of the arguments stay, and these comments with them.
async def listed(one):
    await asyncio.gather(
        fetch("1"),  # type: ignore[arg-type]
        fetch(one),
    )
    await asyncio.gather(fetch(1), fetch(2))  # one after the other


async def built(numbers):
    jobs = []
    for number in numbers:
        jobs.append(fetch(number))  # type: ignore[arg-type]
    return await asyncio.gather(*jobs)


async def built_of_long_lines(numbers):
    jobs = []
    for number in numbers:
        jobs.append(fetch(number + number + number + number + number + 12345))  # noqa: E1
    return await asyncio.gather(*jobs)


async def built_and_gathered(numbers):
    jobs = []
    for number in numbers:
        jobs.append(fetch(number))
    return await asyncio.gather(*jobs)  # type: ignore[no-any-return]
