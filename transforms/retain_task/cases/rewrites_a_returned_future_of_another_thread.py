import asyncio
import concurrent.futures

loop = asyncio.new_event_loop()


def run(coroutine):
    return asyncio.run_coroutine_threadsafe(coroutine, loop)


def run_named(coroutine) -> concurrent.futures.Future:
    future = asyncio.run_coroutine_threadsafe(coroutine, loop)
    future.add_done_callback(print)
    return future


async def publish(message):
    await message.publish()


def on_message(message):
    run(publish(message))
    run_named(publish(message))
    return run(publish(message)).result()
