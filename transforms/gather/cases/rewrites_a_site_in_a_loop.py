# asyncmend: --target-version 3.13
import asyncio


async def copy(row, target):
    await asyncio.sleep(0)
    target.append(row)


async def replicate(batches, primary, standby):
    for batch in batches:
        for row in batch:
            await asyncio.gather(copy(row, primary), copy(row, standby))
        if not batch:
            break
    else:
        print("all copied")
