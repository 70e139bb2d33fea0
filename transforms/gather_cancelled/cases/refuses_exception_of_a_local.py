import asyncio


async def main(first, second):
    both = asyncio.gather(first, second)
    await asyncio.wait([both])
    if both.exception():
        print("failed")
