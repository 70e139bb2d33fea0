# asyncmend: --target-version 3.11
import asyncio
import contextlib


async def session(connection):
    try:
        await asyncio.wait_for(connection.serve(), timeout=60)
    finally:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(connection.close(), timeout=5)
        connection.forget()


async def worker(queue):
    try:
        await queue.work()
    except asyncio.CancelledError:
        await asyncio.wait_for(queue.flush(), timeout=5)
        raise
    except ConnectionError:
        await asyncio.wait_for(queue.reconnect(), timeout=5)


class Client:
    async def close(self):
        await asyncio.wait_for(self.writer.drain(), timeout=5)

    async def ping(self):
        async def answer():
            await asyncio.wait_for(self.reader.read(), timeout=5)

        return await answer()

    async def stop(self):
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError, asyncio.TimeoutError):
            await asyncio.wait_for(self.task, timeout=5)
        try:
            await asyncio.wait_for(self.other, timeout=5)
        except (TimeoutError, asyncio.CancelledError):
            await asyncio.sleep(1)


async def drain(queue):
    try:
        await queue.work()
    except asyncio.CancelledError:
        queue.closing = True
    try:
        await asyncio.wait_for(queue.join(), timeout=5)
    except TimeoutError:
        print("late")


async def drain_again_and_again(queue):
    while not queue.closed:
        await asyncio.wait_for(queue.join(), timeout=5)
        with contextlib.suppress(asyncio.CancelledError):
            await queue.work()


async def drain_once(queue):
    try:
        await asyncio.wait_for(queue.join(), timeout=5)
    except asyncio.CancelledError:
        queue.close()
        raise


async def stop(connection):
    try:
        await asyncio.wait_for(connection.end(), timeout=5)
    except BaseException:
        connection.kill()
        raise


async def drain_when_told_once(queue):
    while True:
        try:
            await queue.work()
            break
        except asyncio.CancelledError:
            if not queue.draining:
                queue.draining = True
                break
            raise
    await asyncio.wait_for(queue.join(), timeout=5)


async def drain_after_each(queue):
    while not queue.closed:
        await asyncio.wait_for(queue.join(), timeout=5)
        while True:
            try:
                await queue.work()
            except asyncio.CancelledError:
                break


async def drain_whatever_came(queue):
    while True:
        try:
            await queue.work()
        finally:
            break
    await asyncio.wait_for(queue.join(), timeout=5)


async def drain_until_told(queue):
    while True:
        try:
            await asyncio.wait_for(queue.join(), timeout=5)
        except asyncio.CancelledError:
            break
    queue.close()
