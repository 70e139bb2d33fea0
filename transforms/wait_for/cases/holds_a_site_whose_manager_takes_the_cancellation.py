# asyncmend: --target-version 3.10
import asyncio
import contextlib

GONE = (asyncio.CancelledError, ConnectionError)


class Failed(Exception):
    pass


@contextlib.contextmanager
def quiet():
    try:
        yield
    except asyncio.CancelledError:
        pass


@contextlib.asynccontextmanager
async def failing(ack):
    try:
        yield ack
    except BaseException as error:
        raise Failed() from error


@contextlib.contextmanager
def quiet_in_turn():
    with quiet():
        yield


def quiet_if(is_quiet):
    return quiet() if is_quiet else contextlib.nullcontext()


class Quiet:
    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        return True


class Stopped:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, traceback):
        if kind is None:
            return False
        return issubclass(kind, asyncio.CancelledError)


class Failing(Quiet):
    def __exit__(self, kind, error, traceback):
        if kind is not None:
            raise Failed() from error


async def by_a_generator(ack):
    with quiet():
        await asyncio.wait_for(ack.wait(), 1)


async def by_an_asynchronous_generator(ack):
    async with failing(ack):
        await asyncio.wait_for(ack.wait(), 1)


async def by_one_in_another(ack):
    with quiet_in_turn():
        await asyncio.wait_for(ack.wait(), 1)


async def by_one_of_several(ack):
    with quiet_if(ack.is_closing):
        await asyncio.wait_for(ack.wait(), 1)


async def by_a_class(ack):
    with Quiet():
        await asyncio.wait_for(ack.wait(), 1)


async def by_an_asynchronous_class(ack):
    stopped = Stopped()
    async with stopped:
        await asyncio.wait_for(ack.wait(), 1)


async def by_a_class_that_raises(ack):
    with open(ack.name) as file, Failing():
        await asyncio.wait_for(ack.wait(file), 1)


async def by_names(ack):
    with contextlib.suppress(*GONE):
        await asyncio.wait_for(ack.wait(), 1)


async def on_a_stack(ack):
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(asyncio.CancelledError))
        await asyncio.wait_for(ack.wait(), 1)


async def on_an_asynchronous_stack(ack):
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(failing(ack))
        stack.enter_context(open(ack.name))
        await asyncio.wait_for(ack.wait(), 1)
