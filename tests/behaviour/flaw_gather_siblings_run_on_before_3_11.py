# asyncmend: --target-version 3.9
"""The same where there is no TaskGroup; the failure comes from a list, its result is used."""
import asyncio

written = []


async def fetch(number):
    for _ in range(number):
        await asyncio.sleep(0)
    if number == 2:
        raise LookupError("page 2")
    for _ in range(8):
        await asyncio.sleep(0)
    written.append(number)
    return number


async def load():
    pages = [fetch(number) for number in range(5)]
    return sum(await asyncio.gather(*pages))


async def main():
    try:
        print(await load())
    except LookupError as error:
        print("caller:", error.args, repr(error.__context__), len(asyncio.all_tasks()) > 1)
    for _ in range(30):
        await asyncio.sleep(0)
    print("written:", sorted(written), "alive:", len(asyncio.all_tasks()) - 1)


asyncio.run(main())
