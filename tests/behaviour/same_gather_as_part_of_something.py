# asyncmend: --target-version 3.11
"""Results that are part of a larger expression: what comes before, meanwhile and after."""
import asyncio
from itertools import chain

NAMES = ["x", "y"]
log = []


async def job(name, state=None):
    log.append(f"start {name}")
    await asyncio.sleep(0)
    if state is not None:
        state[name] = len(state)
        state["total"] = 100
    log.append(f"end {name}")
    return name


async def fails(name):
    await asyncio.sleep(0)
    raise LookupError(name)


def noted(value):
    log.append(f"noted {value}")
    return value


class Holder:
    def __init__(self):
        self.total = 1
        self.items = []

    def __getitem__(self, index):
        log.append(f"get {index}")
        return 1

    def __setitem__(self, index, value):
        log.append(f"set {index} {value}")


async def main():
    holder = Holder()
    state = {"total": 1}
    print(list(chain.from_iterable(await asyncio.gather(job("ab"), job("cd")))))
    print(dict(zip(NAMES, await asyncio.gather(*(job(name, state) for name in NAMES)))), state)
    print(noted("first"), await asyncio.gather(job("a"), job(noted("b"))), noted("last"))
    print({**state, "rows": await asyncio.gather(job("c", state), job("d", state))})
    holder[noted("index")] = sorted(await asyncio.gather(job("e"), job("f")))
    holder[noted("again")] += len(await asyncio.gather(job("g"), job("h")))
    total = 1
    total += len(await asyncio.gather(job("i"), job(total := "j"))) if False else 2
    for name in await asyncio.gather(job("k"), job("l")):
        if name == "l":
            break
        print(name)
    else:
        print("never")
    found = [name for name in await asyncio.gather(job("m"), job("n")) if name > "m"]
    print(found, total, (await asyncio.gather(job("o"), job("p")))[-1])
    try:
        print(noted("before"), len(await asyncio.gather(fails("q"), fails("r"))))
    except LookupError as error:
        print("caught", error)
    try:
        return tuple(await asyncio.gather(fails("s"), fails("t")))
    except LookupError as error:
        print("caught", error)
    if "v" in await asyncio.gather(job("u"), job("v")):
        print("in")


asyncio.run(main())
print(log)
