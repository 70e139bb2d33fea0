"""After the failure of one, the other ones of a gather go on and have their effects."""
import asyncio

shipped = []


async def charge(order):
    await asyncio.sleep(0)
    raise ValueError("card refused")


async def ship(order):
    try:
        for step in ("picked", "packed", "handed over"):
            for _ in range(5):
                await asyncio.sleep(0)
            shipped.append(step)
    except asyncio.CancelledError:
        print("shipping stopped")
        raise


async def place_order(order):
    await asyncio.gather(charge(order), ship(order))


async def main():
    try:
        await place_order("order 1")
    except ValueError as error:
        print("caller:", error)
    for _ in range(30):
        await asyncio.sleep(0)
    print("shipped:", shipped)


asyncio.run(main())
