"""wait_for of 3.8 to 3.11 forgets a cancellation that comes in the turn of the result."""
import asyncio


async def fetch(answer):
    return await answer


async def worker(answer):
    steps = []
    try:
        value = await asyncio.wait_for(fetch(answer), timeout=5)
        for step in range(3):
            await asyncio.sleep(0)
            steps.append(step)
        return value
    finally:
        print("steps after the cancellation:", steps)


async def main():
    answer = asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(worker(answer))
    for _ in range(4):
        await asyncio.sleep(0)
    answer.set_result("orders")
    print("cancel:", task.cancel())
    await asyncio.wait([task])
    print("cancelled:", task.cancelled())


asyncio.run(main())
