import asyncio
from asyncio import create_task


def fill(cache, create_task=create_task):
    create_task(cache.fill())


def empty(cache, *, spawn=asyncio.create_task):
    spawn(cache.empty())


def drop(cache, aio=asyncio):
    aio.ensure_future(cache.drop())


def close(cache, spawn=print):
    spawn(cache.close())
