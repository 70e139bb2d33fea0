"""The cases of `python sites.py --self-test`.

A comment `#: transform, transform` at the end of a line marks the sites that start
on it; on all other lines there must be none.
"""

CASES = {
    "module import": """
import asyncio
async def f():
    await asyncio.gather(a(), b())  #: gather
    return await asyncio.wait_for(a(), 1)  #: wait-for
""",
    "import as": """
import asyncio as aio, os
async def f():
    await aio.gather(a())  #: gather
    await asyncio.gather(a())
    await os.gather(a())
""",
    "from import as": """
from asyncio import gather as g, wait_for
async def f():
    await g(a())  #: gather
    await wait_for(a(), timeout=2)  #: wait-for
    await gather(a())
""",
    "submodules": """
from asyncio import tasks
import asyncio.tasks
import asyncio.tasks as t
from asyncio.tasks import gather
async def f():
    await tasks.gather()  #: gather
    await asyncio.tasks.wait_for(a(), 1)  #: wait-for
    await t.gather()  #: gather
    await gather()  #: gather
    await t.other.gather()
""",
    "star import": """
from asyncio import *
async def f():
    await gather(a())  #: gather
    await other(a())
    create_task(a())  #: retain-task
def g(wait_for):
    return wait_for(a(), 1)
""",
    "relative and foreign imports": """
from .asyncio import gather
from mine import asyncio
from trio import wait_for
async def f():
    await gather(a())
    await asyncio.gather(a())
    await wait_for(a(), 1)
""",
    "aliases": """
import asyncio
group = asyncio.gather
module = asyncio
async def f():
    await group(a())  #: gather
    await module.wait_for(a(), 1)  #: wait-for
    local = asyncio.wait_for
    await local(a(), 1)  #: wait-for
    spawn: object = module.create_task
    spawn(a())  #: retain-task
async def g():
    await local(a(), 1)
""",
    "shadowed by parameters": """
import asyncio
from asyncio import gather, wait_for
async def f(gather, /, *, wait_for=wait_for):
    await gather(a())
    await wait_for(a(), 1)
async def g(*asyncio, **gather):
    await asyncio.gather(a())
    await gather(a())
h = lambda asyncio: asyncio.create_task(a())  #: retain-task
i = lambda gather: gather(a())
j = lambda: gather(a())  #: gather
""",
    "shadowed by assignments": """
import asyncio
from asyncio import gather
async def f():
    await gather(a())
    gather = mine
async def g():
    for gather in b:
        await gather(a())
async def h():
    with b as gather:
        await gather(a())
async def i():
    try:
        await gather(a())
    except E as gather:
        pass
async def j():
    def gather(): ...
    await gather(a())
async def k():
    if (gather := b):
        await gather(a())
async def l():
    match b:
        case {"x": x, **gather}:
            await gather(a())
async def m():
    import mine.gather as gather
    await gather(a())
async def n():
    class gather: ...
    await gather(a())
async def o():
    (x, [gather, *y]) = b
    await gather(a())
async def p():
    await gather(a())  #: gather
async def q():
    del gather
    await gather(a())
""",
    "shadowed in comprehensions": """
from asyncio import gather, wait_for
async def f():
    b = [gather(x) for gather in c]
    d = [await wait_for(x, 1) for x in y]  #: wait-for
    e = {x: gather(gather(x)) for gather in gather(c)}  #: gather
    await gather(a())  #: gather
async def g():
    b = [(gather := x) for x in c]
    await gather(a())
""",
    "class scope": """
import asyncio
from asyncio import gather
class A:
    gather = mine
    wait_for = asyncio.wait_for
    x = gather(a())
    y = wait_for(a(), 1)  #: wait-for
    z = [gather(b) for b in c]  #: gather
    u = [b for b in gather(c)]
    async def f(self):
        await gather(a())  #: gather
        await wait_for(a(), 1)
        await self.gather(a())
        class B:
            v = gather(a())  #: gather
""",
    "global and nonlocal": """
import asyncio
from asyncio import wait_for
async def f():
    global gather
    from asyncio import gather
    def g():
        nonlocal late
        late = asyncio.wait_for
    late = asyncio.wait_for
    await late(a(), 1)  #: wait-for
async def h():
    await gather(a())  #: gather
def i(wait_for):
    def j():
        global wait_for
        return wait_for(a(), 1)  #: wait-for
    def k():
        nonlocal wait_for
        return wait_for(a(), 1)
""",
    "local imports": """
async def f():
    from asyncio import gather
    import asyncio as aio
    def inner():
        return gather(a())  #: gather
    await aio.wait_for(a(), 1)  #: wait-for
async def g():
    await gather(a())
    await aio.wait_for(a(), 1)
""",
    "several bindings": """
try:
    import asyncio
except ImportError:
    asyncio = None
async def f():
    await asyncio.gather(a())  #: gather
""",
    "defaults, decorators and annotations stand outside": """
import asyncio
@asyncio.gather(a())  #: gather
def f(asyncio, b=asyncio.gather(a())) -> asyncio.gather(a()):  #: gather, gather
    asyncio.gather(a())
def g(gather: asyncio.gather(a())): ...  #: gather
""",
    "false friends": """
import asyncio
async def f(bot, pages):
    await bot.wait_for("message", timeout=1)
    await condition.wait_for(lambda: x)
    await pages.gather()
    # await asyncio.gather()
    "await asyncio.gather()"
    asyncio.wait_for
    partial(asyncio.gather, a)
""",
    "gather and wait_for anywhere": """
import asyncio
async def f(tasks):
    a, b = (await asyncio.gather(*tasks))[:2]  #: gather
    return [x for x in await asyncio.wait_for(asyncio.gather(), 1)]  #: gather, wait-for
loop.run_until_complete(asyncio.wait_for(a(), timeout=None))  #: wait-for
later = asyncio.gather(return_exceptions=True)  #: gather
""",
    "dropped as a statement": """
import asyncio
from asyncio import Task, create_task, ensure_future
async def f():
    asyncio.create_task(a())  #: retain-task
    create_task(a(), name="x")  #: retain-task
    ensure_future(a())  #: retain-task
    Task(a())  #: retain-task
    asyncio.run_coroutine_threadsafe(a(), loop)  #: retain-task
    asyncio.shield(a())  #: retain-task
    asyncio.gather(a())  #: gather, retain-task
    if x: create_task(a()); create_task(b())  #: retain-task, retain-task
""",
    "kept": """
import asyncio
class A:
    task = asyncio.create_task(a())
    async def f(self):
        self.task = asyncio.create_task(a())
        self.tasks[0] = asyncio.create_task(a())
        await asyncio.create_task(a())
        tasks.add(asyncio.create_task(a()))
        x, y = asyncio.create_task(a()), 1
        keep = asyncio.create_task(a())
        await keep
        await asyncio.shield(a())
        return asyncio.create_task(a())
_ = asyncio.create_task(a())
""",
    "loops": """
import asyncio
from asyncio import get_running_loop
loop = asyncio.new_event_loop()
def f():
    asyncio.get_event_loop().create_task(a())  #: retain-task
    get_running_loop().create_task(a())  #: retain-task
    loop.create_task(a())  #: retain-task
    self._loop.create_task(a())  #: retain-task
    spawn = loop.create_task
    spawn(a())  #: retain-task
    loop.run_in_executor(None, g)
    loop.call_soon(g)
""",
    "unknown receivers": """
from mine import create_task, spawner
def f(thing):
    thing.create_task(a())  #: retain-task
    spawner.create_task(a())  #: retain-task
    create_task(a())
    spawner.ensure_future(a())
""",
    "groups": """
import asyncio, anyio, trio
async def f(given: asyncio.TaskGroup, named: "TaskGroup"):
    async with asyncio.TaskGroup() as tg:
        tg.create_task(a())
    async with anyio.create_task_group() as group, trio.open_nursery() as nursery:
        group.create_task(a())
        [nursery.create_task(a()) for x in y]
        def inner():
            group.create_task(a())
    entered = await stack.enter_async_context(MyTaskGroup())
    entered.create_task(a())
    given.create_task(a())
    named.create_task(a())
async def g(tg):
    tg.create_task(a())  #: retain-task
""",
    "own create_task": """
import asyncio
class A:
    def create_task(self, x):
        return asyncio.create_task(x)
    def f(self):
        self.create_task(a())
        def inner():
            self.create_task(a())
        other.create_task(a())  #: retain-task
class B(A):
    def g(self):
        self.create_task(a())
class C:
    def h(self):
        self.create_task(a())  #: retain-task
""",
    "chained": """
import asyncio
def f():
    asyncio.create_task(a()).add_done_callback(b)  #: retain-task
    asyncio.ensure_future(  #: retain-task
        a()
    ).add_done_callback(b)
    asyncio.create_task(a()).add_done_callback
    asyncio.create_task(a()).cancel()
    g = lambda: asyncio.gather(a()).add_done_callback(b)  #: gather, retain-task
""",
    "locals": """
import asyncio
async def f():
    _ = asyncio.create_task(a())  #: retain-task
async def g():
    unread: object = asyncio.create_task(a())  #: retain-task
async def h():
    called = asyncio.create_task(a())  #: retain-task
    called.add_done_callback(b)
async def i():
    kept = asyncio.create_task(a())
    tasks.add(kept)
    kept.add_done_callback(tasks.discard)
async def j():
    x = y = asyncio.create_task(a())  #: retain-task
    before = asyncio.create_task(a())
    await before
    before = asyncio.create_task(b())  #: retain-task
async def k():
    while True:
        if task: await task
        task = asyncio.create_task(a())
async def l():
    read = asyncio.create_task(a())
    def inner():
        return read
async def m():
    seen = asyncio.create_task(a())
    return locals()
async def n():
    global _
    _ = asyncio.create_task(a())
def o():
    outer = None
    def inner():
        nonlocal outer
        outer = asyncio.create_task(a())
    return outer
async def p():
    added = asyncio.create_task(a())
    added += 1
async def q():
    deleted = asyncio.create_task(a())  #: retain-task
    del deleted
async def r():
    used = asyncio.create_task(a())
    return [used for x in y]
""",
    "lambdas": """
import asyncio
loop.call_soon(lambda: asyncio.create_task(a()))  #: retain-task
x = lambda: y and asyncio.create_task(a())  #: retain-task
loop.call_later(1, lambda: asyncio.gather(a()))  #: gather, retain-task
run(lambda: asyncio.gather(a()))  #: gather
z = lambda: use(asyncio.create_task(a()))
""",
    "operands": """
import asyncio
def f():
    x and asyncio.create_task(a())  #: retain-task
    asyncio.create_task(a()) if x else None  #: retain-task
    x or (asyncio.create_task(a()) if y else z)  #: retain-task
    [asyncio.create_task(a()) for x in y]  #: retain-task
    {x: asyncio.create_task(a()) for x in y}  #: retain-task
    asyncio.create_task(a()), asyncio.create_task(b())  #: retain-task, retain-task
    (asyncio.create_task(a()) for x in y)
    x = [asyncio.create_task(a()) for x in y]
    g(x or asyncio.create_task(a()))
    return x and asyncio.create_task(a())
""",
    "noqa": """
import asyncio
asyncio.create_task(a())  # noqa
asyncio.create_task(a())  # NoQA: E501, RUF006
asyncio.create_task(a())  # noqa:ASYNC300
asyncio.create_task(a())  # type: ignore  # noqa: S7502 because
asyncio.create_task("# noqa")  #: retain-task
asyncio.create_task(a())  # noqa: E501 #: retain-task
asyncio.gather(a())  # noqa #: gather
""",
    "ignore": """
import asyncio
asyncio.create_task(asyncio.gather(a()))  # asyncmend: ignore
asyncio.create_task(asyncio.gather(a()))  # asyncmend: ignore[gather] #: retain-task
asyncio.wait_for(asyncio.gather(a()), 1)  # asyncmend: ignore[gather, wait-for]
asyncio.wait_for(asyncio.gather(a()), 1)  # asyncmend: ignore[wait-for] #: gather
""",
    "ignore file": """
import asyncio  # asyncmend: ignore-file
asyncio.create_task(asyncio.gather(a()))
""",
}
