# asyncmend: --target-version 3.11
# scenarios: gather
import asyncio


async def main():
    out = []
    for result in await asyncio.gather(a(), b(), c()):
        out.append(result)
    return out
