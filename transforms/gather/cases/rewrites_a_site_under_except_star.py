# asyncmend: --target-version 3.11
import asyncio


async def parse(chunk):
    await asyncio.sleep(0)
    return int(chunk)


async def parse_all(chunks):
    try:
        return await asyncio.gather(*[parse(chunk) for chunk in chunks])
    except* ValueError:
        print("malformed chunk")
