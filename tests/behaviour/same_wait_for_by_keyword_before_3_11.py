# asyncmend: --target-version 3.8
import asyncio


async def answer(value):
    await asyncio.sleep(0)
    return value


async def main():
    print(await asyncio.wait_for(fut=answer("fut"), timeout=1))
    print(await asyncio.wait_for(timeout=1, fut=answer("timeout first")))
    print(await asyncio.wait_for(answer("mixed"), timeout=None))
    try:
        await asyncio.wait_for(timeout=0.01, fut=asyncio.sleep(60))
    except asyncio.TimeoutError:
        print("timed out")


asyncio.run(main())
