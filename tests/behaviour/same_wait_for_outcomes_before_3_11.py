# asyncmend: --target-version 3.8
"""The helper: results, failures, expiries, tasks and futures, nested limits."""
import asyncio


async def answer(value):
    await asyncio.sleep(0)
    return value


async def fail():
    raise KeyError("missing")


async def hang(name):
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise


async def report(name, work):
    try:
        print(name, "->", await work)
    except asyncio.TimeoutError as error:
        print(name, "-> expired", error.args)
    except KeyError as error:
        print(name, "-> failed", error)


async def nested():
    try:
        return await asyncio.wait_for(hang("inner"), 0.01)
    except asyncio.TimeoutError:
        return "inner expired"


async def main():
    loop = asyncio.get_running_loop()
    await report("result", asyncio.wait_for(answer(1), 5))
    await report("failure", asyncio.wait_for(fail(), 5))
    await report("expiry", asyncio.wait_for(hang("coroutine"), timeout=0.01))
    task = asyncio.ensure_future(hang("task"))
    await report("task", asyncio.wait_for(task, 0.01))
    print(task.cancelled())
    future = loop.create_future()
    shielded = asyncio.shield(future)
    await report("shield", asyncio.wait_for(shielded, 0.01))
    print(shielded.cancelled(), future.cancelled(), future.done())
    loop.call_soon(future.set_result, "late")
    await report("future", asyncio.wait_for(timeout=5, fut=future))
    print(await asyncio.wait_for(nested(), 5))
    print([await asyncio.wait_for(answer(n), 5) for n in range(3)])
    value = {"n": 1}
    value["n"] += await asyncio.wait_for(answer(100), None)
    print(value, f"{await asyncio.wait_for(answer('text'), 5)!r}")


asyncio.run(main())
