"""What a decorator of the class makes of its methods may give no coroutines: a task group takes nothing else."""

import asyncio
from dataclasses import dataclass

from tracing import traced


@traced
class Client:
    async def pull(self, x):
        return x


class Below(Client):
    async def all(self, xs):
        return await asyncio.gather(*[self.pull(x) for x in xs])


class Base:
    async def send(self, x):
        return x


@traced
class Inherits(Base):
    async def all(self, xs):
        return await asyncio.gather(*[self.send(x) for x in xs])


@dataclass
class Plain(Base):
    async def all(self, xs):
        return await asyncio.gather(*[self.send(x) for x in xs])


class Guarded(Base):
    def __getattribute__(self, name):
        return wrapped(super().__getattribute__(name))

    async def all(self, xs):
        return await asyncio.gather(*[self.send(x) for x in xs])


async def made(xs):
    client = Client()
    return await asyncio.gather(*[client.pull(x) for x in xs])


async def given(client: Client, xs):
    return await asyncio.gather(*[client.pull(x) for x in xs])
