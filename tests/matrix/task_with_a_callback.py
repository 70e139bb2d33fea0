# asyncmend: --target-version 3.8
# scenarios: spawn
import asyncio


async def main():
    asyncio.ensure_future(a()).add_done_callback(lambda task: W.note("callback", "called"))
