"""A failure is the very exception that was raised; the other tasks are done by then."""
import asyncio


class Refused(ValueError):
    def __init__(self, code):
        super().__init__("refused", code)
        self.code = code


async def stock():
    print("stock: done")
    return 3


async def charge(code):
    for _ in range(4):
        await asyncio.sleep(0)
    try:
        raise LookupError("no card")
    except LookupError as error:
        raise Refused(code) from error


async def place_order(code):
    amount, paid = await asyncio.gather(stock(), charge(code))
    print("never reached", amount, paid)


async def caller(code):
    try:
        await place_order(code)
    except KeyError:
        print("not this one")
    except Refused as error:
        print(type(error).__name__, error.args, error.code, repr(error.__cause__))
        print("context:", repr(error.__context__), error.__suppress_context__)
    else:
        print("no failure")
    finally:
        print("caller goes on")
    await asyncio.sleep(0)


async def main():
    await caller(402)
    try:
        await asyncio.gather(charge(403), stock(), stock())
    except ValueError as error:
        print("again:", error)


asyncio.run(main())
try:
    asyncio.run(place_order(404))
except Refused as error:
    print("out of run:", error.code)
