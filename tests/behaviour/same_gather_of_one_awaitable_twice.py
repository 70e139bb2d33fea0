# asyncmend: --target-version 3.8 --accept cancels-shared-task
import asyncio


async def count(log):
    log.append("begun")
    await asyncio.sleep(0)
    return len(log)


async def main():
    log = []
    once = count(log)
    print(await asyncio.gather(*[once for _ in range(3)]), log)


asyncio.run(main())
