import asyncio
import contextlib


@contextlib.asynccontextmanager
async def limit(seconds):
    async with asyncio.timeout(seconds):
        yield


def within(seconds):
    return asyncio.timeout(seconds)


class Reader:
    @contextlib.asynccontextmanager
    async def opened(self):
        print("opened")
        async with limit(self.timeout) as limited:
            yield limited

    async def read(self, source):
        async with self.opened():
            return [await asyncio.wait_for(source.read(), 5) for _ in range(2)]


async def by_a_generator(sources):
    async with limit(60):
        return [await asyncio.wait_for(source.read(), 5) for source in sources]


async def by_a_function(sources):
    async with within(60):
        return [await asyncio.wait_for(source.read(), 5) for source in sources]


async def on_a_stack(sources):
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(limit(60))
        return [await asyncio.wait_for(source.read(), 5) for source in sources]
