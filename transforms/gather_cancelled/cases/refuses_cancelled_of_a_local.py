import asyncio


async def fetch(page):
    await asyncio.sleep(0)


async def main():
    pages = asyncio.gather(fetch(1), fetch(2))
    pages.cancel()
    await asyncio.wait([pages])
    if pages.cancelled():
        print("stopped")
