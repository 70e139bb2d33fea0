# asyncmend: --target-version 3.10
import asyncio
import json

FAILURES = (json.JSONDecodeError, ValueError)


class Failed(Exception):
    pass


async def where_it_is_none(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except BaseException as error:
        if not isinstance(error, asyncio.CancelledError):
            raise Failed() from error
        raise


async def where_it_is_another(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except BaseException as error:
        if isinstance(error, asyncio.TimeoutError) and ack.is_closing:
            raise Failed() from error
        elif isinstance(error, (OSError, ValueError)):
            return None
        raise


async def behind_those_that_raise_it(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except (OSError, asyncio.CancelledError) as error:
        if ack.is_closing or isinstance(error, asyncio.CancelledError):
            raise
        return None


async def behind_what_is_no_exception(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except BaseException as error:
        if not isinstance(error, Exception):
            raise
        return None


async def beside_a_cleanup(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        for _ in range(3):
            try:
                ack.close()
            except ValueError:
                continue
            else:
                break
            finally:
                print("closed")

        def later():
            raise Failed()

        ack.on_close(later)
        while True:
            if ack.is_closed():
                raise


async def by_a_finally(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        try:
            ack.close()
        finally:
            raise


async def where_it_is_one_of_several(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except BaseException as error:
        if isinstance(error, (Failed, OSError)) or isinstance(error, FAILURES):
            raise Failed() from error
        raise
