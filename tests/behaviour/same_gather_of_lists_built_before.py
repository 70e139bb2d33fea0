# asyncmend: --target-version 3.11
"""Lists that are built before the gather: what is made when, and what happens where the building fails."""
import asyncio

log = []


async def job(name):
    log.append(f"start {name}")
    await asyncio.sleep(0)
    log.append(f"end {name}")
    return name


async def fails(name):
    log.append(f"start {name}")
    await asyncio.sleep(0)
    raise LookupError(name)


def noted(value):
    log.append(f"noted {value}")
    return value


async def appended(names):
    coros = []
    kept = []
    for name in names:
        if name == "skip":
            continue
        kept.append(noted(name))
        coros.append(job(name))
    log.append(f"{len(coros)} jobs")
    return dict(zip(kept, await asyncio.gather(*coros)))


async def made_tasks(names):
    tasks = [asyncio.create_task(job(name), name=name) for name in names]
    log.append("made")
    first, *others = await asyncio.gather(*tasks)
    return first, others


async def guarded(names):
    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(job(noted(name))))
    if tasks:
        await asyncio.gather(*tasks)
    log.append("after")


async def failing(names):
    tasks = [job("fine")]
    for name in names:
        tasks.append(fails(name))
    return await asyncio.gather(*tasks)


async def not_built():
    tasks = []
    for name in ["a", "b"]:
        tasks.append(asyncio.create_task(job(name)))
    tasks.append(asyncio.create_task(job({}["missing"])))
    await asyncio.gather(*tasks)


async def main():
    print(await appended(["a", "skip", "b"]))
    print(await appended([]))
    print(await made_tasks(["c", "d", "e"]))
    await guarded(["f", "g"])
    await guarded([])
    try:
        await failing(["h", "i"])
    except LookupError as error:
        print("caught", error)
    print(log)
    try:
        await not_built()
    except KeyError as error:
        print("caught", error)


asyncio.run(main())
