# asyncmend: --module main --set retain-task.helper=aio.keep --target-version 3.9
import asyncio
import logging

import requests
from zope import interface


async def main(one, other):
    return await asyncio.gather(one(), other())
