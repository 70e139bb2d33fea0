# asyncmend: --target-version 3.9
import asyncio
import sys


async def poll(client, handle):
    while True:
        try:
            order = await asyncio.wait_for(client.next_order(), client.patience)
        except asyncio.TimeoutError:
            print("still waiting", file=sys.stderr)
            continue
        await asyncio.gather(client.confirm(order), client.reserve(order))
        asyncio.ensure_future(handle(order)).add_done_callback(client.finished)
