# asyncmend: --target-version 3.11 --accept exception-group --set gather.errors=group
# scenarios: gather
import asyncio


async def main():
    return await asyncio.gather(a(), b(), c())
