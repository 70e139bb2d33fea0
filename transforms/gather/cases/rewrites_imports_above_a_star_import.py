from asyncio import gather, sleep
from tkinter import *
from typing import *


async def check(name: Optional[str]):
    await sleep(0)


async def health():
    await gather(check("disk"), check("network"))
