# asyncmend: --target-version 3.8
# scenarios: gather
import asyncio


async def main():
    return dict(zip("abc", await asyncio.gather(a(), b(), c())))
