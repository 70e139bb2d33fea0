# asyncmend: --target-version 3.10
import asyncio
import contextlib

FAILURES = (OSError, ValueError)


class Failed(Exception):
    pass


@contextlib.contextmanager
def without_failures():
    try:
        yield
    except Exception as error:
        print(error)
    finally:
        print("left")


@contextlib.asynccontextmanager
async def closing(ack):
    try:
        yield ack
    except BaseException as error:
        if isinstance(error, FAILURES):
            raise Failed() from error
        raise
    await ack.close()


@contextlib.contextmanager
def in_itself(ack):
    with in_itself(ack):
        yield


class Closing:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, traceback):
        if error is None:
            return True
        if not kind or issubclass(kind, OSError):
            raise Failed()
        print(error)
        return kind is not None and isinstance(error, ValueError)


class Timed(Closing):
    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        return None


async def by_generators(ack):
    with without_failures():
        async with closing(ack):
            await asyncio.wait_for(ack.wait(), 1)


async def by_one_in_itself(ack):
    with in_itself(ack):
        await asyncio.wait_for(ack.wait(), 1)


async def by_classes(ack):
    async with Closing():
        with Timed():
            async with Timed():
                await asyncio.wait_for(ack.wait(), 1)


async def by_names(ack):
    with contextlib.suppress(*FAILURES):
        await asyncio.wait_for(ack.wait(), 1)


async def on_a_stack(ack):
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(contextlib.suppress(*FAILURES))
        await stack.enter_async_context(closing(ack))
        await asyncio.wait_for(ack.wait(), 1)
