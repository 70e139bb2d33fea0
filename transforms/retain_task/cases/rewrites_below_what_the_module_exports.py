import asyncio
import gc

__all__ = ["main"]


async def f(x):
    return x


def main():
    loop = asyncio.get_event_loop()
    loop.create_task(f(1))
    loop.create_task(f(2))
    gc.collect()
