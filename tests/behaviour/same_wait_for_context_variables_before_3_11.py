# asyncmend: --target-version 3.9
"""What the inner one sets in its context stays there, or does not, as the version has it."""
import asyncio
import contextvars

user = contextvars.ContextVar("user", default="nobody")


async def log_in(name):
    print("was:", user.get())
    user.set(name)
    await asyncio.sleep(0)
    return user.get()


async def caller(timeout):
    user.set("caller")
    print(await asyncio.wait_for(log_in("inner"), timeout))
    print("now:", user.get())


async def main():
    await asyncio.ensure_future(caller(5))
    await asyncio.ensure_future(caller(None))
    print(await asyncio.gather(caller(5), log_in("sibling")))
    print("main:", user.get())


asyncio.run(main())
