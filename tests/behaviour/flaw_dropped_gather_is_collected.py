# asyncmend: --target-version 3.9
"""The children of a dropped gather, or what a dropped shield protects, die without a word."""
import asyncio
import gc

fates = []


async def deliver(name):
    try:
        await asyncio.get_running_loop().create_future()
        fates.append(name + ": delivered")
    finally:
        fates.append(name + ": over")


def broadcast():
    asyncio.gather(deliver("first"), deliver("second"))
    asyncio.shield(deliver("third"))


async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    broadcast()
    for _ in range(3):
        await asyncio.sleep(0)
    gc.collect()
    print("after the collection:", sorted(fates))
    print("alive:", len(asyncio.all_tasks()) - 1)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    print("at the end:", sorted(fates))


asyncio.run(main())
