# asyncmend: --target-version 3.10
import asyncio


class Expired(Exception):
    pass


async def where_a_flag_is_set(ack, is_timed):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        if is_timed:
            raise Expired()
        raise


async def in_a_loop(ack, timers):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        for timer in timers:
            if timer.is_over():
                raise Expired() from None
        raise


async def where_it_is_a_cancellation(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError):
            raise Expired() from error
        raise


async def beside_others(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except (asyncio.CancelledError, OSError) as error:
        if ack.is_closing:
            raise Expired() from error
        raise


async def where_its_cleanup_fails(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        try:
            ack.close()
        except ValueError as error:
            raise Expired() from error
        raise


async def around_a_handler_that_raises(ack, is_timed):
    try:
        try:
            await asyncio.wait_for(ack.wait(), 1)
        except asyncio.CancelledError:
            raise
    except BaseException as error:
        if is_timed:
            raise Expired() from error
        raise


async def under_another_name(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError as error:
        error = Expired()
        raise error


async def in_a_finally(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    finally:
        if ack.is_closing:
            raise OSError()


async def where_a_loop_is_left(ack, is_timed):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except asyncio.CancelledError:
        while is_timed():
            if ack.is_closing:
                break
        else:
            raise


async def where_it_is_one_of_a_union(ack):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError | OSError):
            raise Expired() from error
        raise


async def where_it_is_one_of_those_given(ack, stops):
    try:
        await asyncio.wait_for(ack.wait(), 1)
    except BaseException as error:
        if isinstance(error, stops):
            raise Expired() from error
        raise
