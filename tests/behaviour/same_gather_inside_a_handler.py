# asyncmend: --target-version 3.11
"""What a failure remembers of the exception that was being handled."""
import asyncio


async def job(name):
    await asyncio.sleep(0)
    return name


async def fails(name):
    await asyncio.sleep(0)
    raise LookupError(name)


async def fails_while_handling(name):
    await asyncio.sleep(0)
    try:
        raise KeyError("inner")
    except KeyError:
        raise LookupError(name)


def chain(error):
    told = []
    while error is not None:
        told.append(f"{type(error).__name__}({error}) from {error.__cause__!r}")
        error = error.__context__
    return told


async def handling(child):
    try:
        1 / 0
    except ZeroDivisionError:
        return tuple(await asyncio.gather(job("a"), child("b")))


async def finishing(child):
    try:
        1 / 0
    finally:
        await asyncio.gather(job("a"), child("b"))


async def plain(child):
    a, b = await asyncio.gather(job("a"), child("b"))
    return a, b


async def main():
    for child in fails, fails_while_handling:
        for function in handling, finishing, plain:
            try:
                await function(child)
            except Exception as error:
                print(function.__name__, child.__name__, chain(error))
            try:
                raise OSError("outside")
            except OSError:
                try:
                    await function(child)
                except Exception as error:
                    print(function.__name__, child.__name__, chain(error))


asyncio.run(main())
