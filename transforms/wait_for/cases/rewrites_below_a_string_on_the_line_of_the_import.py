# asyncmend: --target-version 3.9
import asyncio; HELP = """
usage: wait
"""


async def main():
    await asyncio.wait_for(asyncio.sleep(1), 5)
