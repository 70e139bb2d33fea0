# asyncmend: --set wait-for.style=idiom
import asyncio


def main(event):
    return asyncio.wait_for(event.wait(), timeout=2)
