# asyncmend: --target-version 3.8
import asyncio


def fetch(loop, client, url):
    return loop.run_until_complete(asyncio.wait_for(client.get(url), timeout=5))
