# asyncmend: --target-version 3.11
# scenarios: gather
import asyncio


async def main():
    results = await asyncio.gather(*[job() for job in (a, b, c)])
    return sorted(results)
