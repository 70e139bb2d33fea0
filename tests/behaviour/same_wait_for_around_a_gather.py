"""Both in one statement: results, a failure and an expiry pass through the two of them."""
import asyncio


async def answer(value, turns=1):
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


async def fail():
    for _ in range(6):
        await asyncio.sleep(0)
    raise KeyError("missing")


stopped = []


async def hang(name):
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        stopped.append(name)


async def main():
    print(await asyncio.wait_for(asyncio.gather(answer(1, 4), answer(2)), 5))
    print(await asyncio.gather(*(asyncio.wait_for(answer(n, 5 - n), 5) for n in range(3))))
    try:
        await asyncio.wait_for(asyncio.gather(answer(1), fail()), timeout=5)
    except KeyError as error:
        print("failed:", error)
    try:
        await asyncio.wait_for(asyncio.gather(*[hang(name) for name in "ab"]), 0.01)
    except asyncio.TimeoutError:
        print("expired:", sorted(stopped))
    try:
        await asyncio.gather(answer(1), asyncio.wait_for(hang("c"), 0.01))
    except asyncio.TimeoutError:
        print("expired inside:", sorted(stopped))


asyncio.run(main())
