# asyncmend: --target-version 3.12
import asyncio


async def load(record: str) -> None: ...


async def update(records: list[str]) -> None:
    tasks: list[asyncio.Task] = []
    for record in records:
        try:
            record.encode("ascii")
        except UnicodeError:
            continue
        tasks.append(load(record))
    if tasks:
        await asyncio.gather(*tasks)


async def update_all(records: list[str]) -> None:
    tasks: list[asyncio.Task[None]] = []
    for record in records:
        tasks.append(load(record))
    await asyncio.gather(*tasks)


async def update_two(records: list[str]) -> None:
    futures: list["asyncio.Future[None]"] = [load(record) for record in records]
    print(len(futures))
    print(await asyncio.gather(*futures, load("another")))
