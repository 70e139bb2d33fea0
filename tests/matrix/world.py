"""Runs a program before and after it was mended in every scenario of a table, and prints what differs.

Usage: world.py BEFORE AFTER [uvloop]. Both define `main`, or `main(timeout)`, which awaits or spawns the jobs `a`, `b`
and `c` by `W.job("a")`. Each scenario says what happens to the jobs and to the caller, when, and in which
order within one turn of the loop. Observed are how the call ends (the exception with its cause, its context,
its notes and the end of its traceback), when, and what that leaves behind in the caller: its count of
cancellations, and whether it can go on; what each job goes through; the context variables that are seen
afterwards; and what the loop reports.

Prints a line of JSON for each difference, then the number of scenarios.
"""
import asyncio
import concurrent.futures
import contextvars
import gc
import json
import os
import sys
import weakref

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from clock import VirtualLoop  # noqa: E402

SEEN = contextvars.ContextVar("SEEN", default="nothing")

# When the jobs that nobody stopped go on to their end.
LATE = 50


class Boom(Exception):
    pass


class OwnBase(BaseException):
    pass


RAISED = {
    "fail": Boom,
    "base": OwnBase,
    "interrupt": KeyboardInterrupt,
    "exit": SystemExit,
    "give up": asyncio.CancelledError,
    "time out": asyncio.TimeoutError,
}


def scenario(*steps, now=None, on_cancel=None, caller=None, timeout=None, flaw=None, sets=False):
    """What happens: `steps` as (time, what ...), each "WHAT JOB" or "cancel caller"; `now` to a job as soon as
    it begins; `on_cancel` when it is cancelled. `sets`: the jobs set a context variable."""
    return dict(
        steps=steps,
        now=now or {},
        on_cancel=on_cancel or {},
        caller=caller,
        timeout=timeout,
        flaw=flaw,
        sets=sets,
    )


def gathers():
    def add(name, *steps, **more):
        assert name not in found, name
        found[name] = scenario(*steps, **more)

    found = {}
    three = ((1, "end a"), (2, "end b"), (3, "end c"))
    add("all end, one after the other", *three)
    add("all end, the last first", (1, "end c"), (2, "end b"), (3, "end a"))
    add("all set a context variable", *three, sets=True)
    add("all end at once", now={"a": "end", "b": "end", "c": "end"})
    add("all end in one turn", (1, "end c", "end a", "end b"))
    for job in "abc":
        others = [other for other in "abc" if other != job]
        ends = [(3, "end " + other) for other in others]
        add(job + " fails", (1, "fail " + job), *ends)
        add(job + " fails at once", *ends, now={job: "fail"})
        add(job + " fails last", *[(1, "end " + other) for other in others], (3, "fail " + job))
        add(job + " gives up", (1, "give up " + job), *ends)
        add(job + " is cancelled from outside", (1, "cancel " + job), *ends)
    add("a and b fail in one turn", (1, "fail a", "fail b"))
    add("b and a fail in one turn", (1, "fail b", "fail a"))
    add("b fails and a ends in one turn", (1, "fail b", "end a"))
    add("a ends and b fails in one turn", (1, "end a", "fail b"))
    add("a and b fail at once", now={"a": "fail", "b": "fail"})
    add("all fail, one after the other", (1, "fail a"), (2, "fail b"), (3, "fail c"))
    add("a fails for a reason", (1, "fail for a reason a"), (2, "end b"))
    add("a fails with a note", (1, "fail with a note a"), (2, "end b"))
    add("a fails with a group", (1, "fail with a group a"), (2, "end b"))
    add("a times out", (1, "time out a"), (2, "end b"))
    for how in ("base", "interrupt", "exit"):
        add("a raises %s" % RAISED[how].__name__, (1, how + " a"), (2, "end b"))
        add("b raises %s at once" % RAISED[how].__name__, now={"b": how})
    for how in ("cleans up", "goes on", "fails", "gives up late"):
        add("a fails, b %s when it is stopped" % how, (1, "fail a"), (9, "end c"), on_cancel={"b": how})
        add("the caller is cancelled, b %s" % how, (1, "cancel caller"), on_cancel={"b": how})
        # A task group cancels in no particular order, and of several failures the first counts.
        if how != "fails":
            everybody = dict.fromkeys("abc", how)
            add("the caller is cancelled, all: %s" % how, (1, "cancel caller"), on_cancel=everybody)
        add(
            "a fails, the caller is cancelled while b: %s" % how,
            (1, "fail a"),
            (2, "cancel caller"),
            on_cancel={"b": how},
        )
        add("the caller is cancelled twice, b %s" % how, (1, "cancel caller"), (2, "cancel caller"), on_cancel={"b": how})
    add("the caller is cancelled before it begins", (0, "cancel caller"), *three, caller="at once")
    add("the caller is cancelled in its first turn", (0, "cancel caller"), *three)
    add("the caller is cancelled", (2, "cancel caller"), (1, "end a"), (3, "end b"))
    add("the caller is cancelled with a reason", (1, "cancel caller with a reason"), (3, "end b"))
    add("the caller is cancelled as the last ends", (1, "end a", "end b"), (2, "cancel caller", "end c"))
    add("the last ends as the caller is cancelled", (1, "end a", "end b"), (2, "end c", "cancel caller"))
    add("the caller is cancelled as a fails", (1, "cancel caller", "fail a"))
    add("a fails as the caller is cancelled", (1, "fail a", "cancel caller"))
    add("the caller is cancelled a turn after a failed", (1, "fail a", "cancel caller soon"))
    add("the caller is cancelled two turns after a failed", (1, "fail a", "cancel caller later"))
    add("the caller is cancelled after all", *three, (4, "cancel caller"))
    add("the caller is cancelled after a failure", (1, "fail a"), (4, "cancel caller"))
    for end in ("end a", "fail a"):
        add("the caller went on after a cancellation, " + end, (1, end), (2, "end b", "end c"), caller="went on")
        add("a timeout around is over first, " + end, (5, end), (6, "end b", "end c"), caller="in a timeout")
        add("a timeout around is over later, " + end, (1, end), (2, "end b", "end c"), caller="in a timeout")
        add("in a task that is awaited, " + end, (1, end), (2, "end b", "end c"), caller="in a task")
    return found


def waits():
    def add(name, *steps, **more):
        assert name not in found, name
        found[name] = scenario(*steps, **more)

    found = {}
    for timeout in (None, 2, 0, -1):
        within = "in %s s: " % timeout if timeout is not None else "for ever: "
        add(within + "ends", (1, "end a"), timeout=timeout)
        add(within + "sets a context variable", (1, "end a"), timeout=timeout, sets=True)
        add(within + "ends at once", now={"a": "end"}, timeout=timeout)
        add(within + "fails", (1, "fail a"), timeout=timeout)
        add(within + "fails at once", now={"a": "fail"}, timeout=timeout)
        add(within + "gives up", (1, "give up a"), timeout=timeout)
        add(within + "times out itself", (1, "time out a"), timeout=timeout)
        add(within + "is cancelled from outside", (1, "cancel a"), timeout=timeout)
        add(within + "raises a BaseException", (1, "base a"), timeout=timeout)
        add(within + "raises KeyboardInterrupt", (1, "interrupt a"), timeout=timeout)
        add(within + "raises SystemExit", (1, "exit a"), timeout=timeout)
        add(within + "ends too late", (9, "end a"), timeout=timeout)
        add(within + "fails too late", (9, "fail a"), timeout=timeout)
        for how in ("cleans up", "goes on", "fails", "gives up late"):
            add(within + "is too late, and " + how, (9, "end a"), on_cancel={"a": how}, timeout=timeout)
            add(within + "the caller is cancelled, a " + how, (1, "cancel caller"), on_cancel={"a": how}, timeout=timeout)
        add(within + "the caller is cancelled before it begins", (0, "cancel caller"), caller="at once", timeout=timeout)
        add(within + "the caller is cancelled", (1, "cancel caller"), timeout=timeout)
        add(within + "the caller is cancelled with a reason", (1, "cancel caller with a reason"), timeout=timeout)
        add(within + "the caller is cancelled afterwards", (1, "end a"), (3, "cancel caller"), timeout=timeout)
        for end in ("end a", "fail a", "give up a"):
            name = {"end a": "ends", "fail a": "fails", "give up a": "gives up"}[end]
            # The flaw (gh-86296): what ends in the turn of a cancellation makes it be forgotten.
            flaw = "forgotten" if timeout is not None and timeout > 0 else None
            add(within + name + " as the caller is cancelled", (1, end, "cancel caller"), timeout=timeout, flaw=flaw)
            add(within + "the caller is cancelled as it " + name, (1, "cancel caller", end), timeout=timeout)
            add(within + name + " a turn before the caller is cancelled", (1, end, "cancel caller soon"), timeout=timeout, flaw=flaw)
            add(within + name + " two turns before the caller is cancelled", (1, end, "cancel caller later"), timeout=timeout, flaw=flaw)
        for end in ("end a", "fail a"):
            add(within + "the caller went on after a cancellation, " + end, (1, end), caller="went on", timeout=timeout)
            add(within + "a timeout around is over first, " + end, (5, end), caller="in a timeout", timeout=timeout)
            add(within + "a timeout around is over later, " + end, (1, end), caller="in a timeout", timeout=timeout)
            add(within + "in a task that is awaited, " + end, (1, end), caller="in a task", timeout=timeout)
    add("ends as the time is over", (2, "end a"), timeout=2)
    add("fails as the time is over", (2, "fail a"), timeout=2)
    add("the caller is cancelled as the time is over", (2, "cancel caller"), timeout=2)
    add("the caller is cancelled while it is stopped", (3, "cancel caller"), on_cancel={"a": "cleans up"}, timeout=2)
    return found


def spawns():
    found = {
        "it ends": scenario((1, "end a")),
        "it ends at once": scenario(now={"a": "end"}),
        "it fails": scenario((1, "fail a")),
        "it fails at once": scenario(now={"a": "fail"}),
        "it gives up": scenario((1, "give up a")),
        "it is cancelled": scenario((1, "cancel a")),
        "it raises a BaseException": scenario((1, "base a")),
        "it raises SystemExit": scenario((1, "exit a")),
        "it waits for the end of the run": scenario(),
        "the caller is cancelled": scenario((1, "cancel caller"), (2, "end a")),
        "it is collected while it waits": scenario((1, "collect"), (2, "end a")),
    }
    return found


TABLES = {"gather": gathers, "wait_for": waits, "spawn": spawns}


class CollectingLoop(VirtualLoop):
    """Collects garbage before every turn."""

    def _run_once(self):
        gc.collect()
        super()._run_once()


def eager_loop():
    loop = VirtualLoop()
    loop.set_task_factory(asyncio.eager_task_factory)
    return loop


def uv_loop():
    """uvloop, whose clock cannot be moved: a second is short there."""
    import uvloop

    class Loop(uvloop.Loop):
        def time(self):
            return super().time() / SHORT

        def call_later(self, delay, *args, **keywords):
            return super().call_later(delay * SHORT, *args, **keywords)

        def call_at(self, when, *args, **keywords):
            return self.call_later(when - super().time() / SHORT, *args, **keywords)

    return Loop()


# How long a second is on uvloop.
SHORT = 0.1

LOOPS = {"": VirtualLoop, "collecting": CollectingLoop}
if sys.version_info >= (3, 12):
    LOOPS["eager"] = eager_loop
if sys.argv[3:] == ["uvloop"]:
    LOOPS = {"uvloop": uv_loop}
    LATE = 12


def described(error, seen=()):
    """An exception with all that belongs to it."""
    if error is None:
        return "none"
    if error in seen:
        return "the same"
    seen += (error,)
    text = "%s%r" % (type(error).__name__, error.args)
    if hasattr(error, "exceptions"):
        text = "%s[%s]" % (type(error).__name__, "; ".join(described(it, seen) for it in error.exceptions))
    if getattr(error, "__notes__", None):
        text += " with notes %r" % (error.__notes__,)
    if error.__cause__ is not None:
        text += " from (%s)" % described(error.__cause__, seen)
    if error.__context__ is not None and error.__context__ is not error.__cause__:
        text += " after (%s)" % described(error.__context__, seen)
    return text


def origin(error):
    """The function that an exception comes from."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    code = trace.tb_frame.f_code
    # A helper is one frame more, and stands for what it replaces.
    is_call = "asyncio" in code.co_filename and code.co_name != "__aexit__"
    is_call |= code.co_filename == "program.py" and code.co_name not in "abc"
    return "main" if is_call else code.co_name


class World:
    """What a program asks for its jobs."""

    def __init__(self, spec, loop, begun):
        self.spec = spec
        self.loop = loop
        self.begun = begun
        self.events = {}
        # Nobody but the job itself holds what it waits for.
        self.gates = weakref.WeakValueDictionary()
        self.tasks = weakref.WeakValueDictionary()
        self.caller = None

    def note(self, job, what):
        when = "" if "uvloop" in LOOPS else "@%g" % (self.loop.time() - self.begun)
        self.events.setdefault(job, []).append(what + when)

    async def job(self, name):
        self.note(name, "begins")
        if self.spec["sets"]:
            SEEN.set("what %s set" % name)
        try:
            now = self.spec["now"].get(name)
            if now is None:
                gate = self.loop.create_future()
                self.gates[name] = gate
                self.tasks[name] = asyncio.current_task()
                await gate
            else:
                self.act(now)
        except asyncio.CancelledError:
            return await self.stop(name)
        except GeneratorExit:
            self.note(name, "is lost")
            raise
        except BaseException as error:
            self.note(name, "raises " + type(error).__name__)
            raise
        self.note(name, "ends")
        return "result of " + name

    async def stop(self, name):
        self.note(name, "is cancelled")
        how = self.spec["on_cancel"].get(name)
        if how in ("cleans up", "gives up late", "goes on"):
            try:
                gate = self.loop.create_future()
                self.loop.call_later(3, lambda: gate.done() or gate.set_result(None))
                await gate
                self.note(name, "has cleaned up")
            except asyncio.CancelledError:
                self.note(name, "is cancelled again")
                raise
        if how == "goes on":
            return "late result of " + name
        if how == "fails":
            raise Boom(name, "while it was stopped")
        raise asyncio.CancelledError(name) if how == "gives up late" else asyncio.CancelledError

    def act(self, what):
        if what == "fail for a reason":
            raise Boom("for a reason") from LookupError("the reason")
        if what == "fail with a note":
            error = Boom("with a note")
            if hasattr(error, "add_note"):
                error.add_note("a note")
            raise error
        if what == "fail with a group":
            if sys.version_info < (3, 11):
                raise Boom("no groups yet")
            raise ExceptionGroup("a group", [Boom("inside"), ValueError("inside too")])  # noqa: F821
        if what in RAISED:
            raise RAISED[what]("raised")

    def step(self, what):
        words = what.split()
        if what == "collect":
            gc.collect()
        elif words[:2] == ["cancel", "caller"]:
            if words[2:] == ["soon"]:
                self.loop.call_soon(self.caller.cancel)
            elif words[2:] == ["later"]:
                self.loop.call_soon(self.loop.call_soon, self.caller.cancel)
            elif words[2:] and sys.version_info >= (3, 9):
                self.caller.cancel("for a reason")
            else:
                self.caller.cancel()
        else:
            how, name = " ".join(words[:-1]), words[-1]
            if how == "cancel":
                task = self.tasks.get(name)
                if task is not None:
                    task.cancel()
                return
            gate = self.gates.get(name)
            if gate is None or gate.done():
                return
            try:
                self.act(how)
            except BaseException as error:
                gate.set_exception(error.with_traceback(None))
                return
            gate.set_result(None)

    async def call(self, main):
        """The caller; gives what it saw."""
        if self.spec["caller"] == "went on" and hasattr(self.caller, "cancelling"):
            self.caller.cancel()
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                pass
        try:
            if self.spec["caller"] == "in a timeout" and sys.version_info >= (3, 11):
                async with asyncio.timeout(4):
                    out = "gives %r" % (await main(),)
            elif self.spec["caller"] == "in a task":
                out = "gives %r" % (await self.loop.create_task(main()),)
            else:
                out = "gives %r" % (await main(),)
        except BaseException as error:
            out = "raises %s in %s" % (described(error), origin(error))
            if not isinstance(error, (Exception, asyncio.CancelledError)):
                self.note("caller", out)
                raise
        self.note("caller", out)
        after = []
        if hasattr(self.caller, "cancelling"):
            after.append("%d cancellations" % self.caller.cancelling())
        if self.spec["sets"]:
            after.append("sees " + SEEN.get())
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            await asyncio.sleep(5)
            after.append("goes on")
        except asyncio.CancelledError:
            after.append("is cancelled then")
        self.note("then", ", ".join(after))


def play(code, spec, make_loop):
    """What is observed, by whom it is about."""
    loop = make_loop()
    begun = loop.time()
    world = World(spec, loop, begun)
    reports = []
    loop.set_exception_handler(
        lambda loop, context: reports.append(
            "%s %s" % (context["message"], described(context.get("exception")))
        )
    )
    asyncio.set_event_loop(loop)
    names = {"W": world, "__name__": "program"}
    exec(code, names)
    main = names["main"]
    if "timeout" in argument_names(code):
        with_timeout = names["main"]

        def main():
            return with_timeout(spec["timeout"])

    for when, *actions in spec["steps"]:
        for action in actions:
            if when or spec["caller"] != "at once":
                loop.call_at(begun + when, world.step, action)
    for name in "abc":
        loop.call_at(begun + LATE, world.step, "end " + name)
    world.caller = loop.create_task(world.call(main))
    if spec["caller"] == "at once":
        world.caller.cancel()

    async def until_late():
        await asyncio.sleep(2 * LATE)

    for _ in range(4):
        # What is no Exception stops the loop.
        try:
            loop.run_until_complete(until_late())
            break
        except BaseException as error:
            world.note("loop", "raises " + described(error))
    left = [task for task in asyncio.all_tasks(loop) if not task.done()]
    if left:
        world.note("loop", "%d tasks never end" % len(left))
        for task in left:
            task.cancel()
    del left, main
    world.caller = None
    names.clear()
    gc.collect()
    asyncio.set_event_loop(None)
    loop.close()
    out = {who: ", ".join(events) for who, events in world.events.items()}
    # In which order they are collected is nobody's promise.
    out["reports"] = "; ".join(sorted(reports))
    return out


def shown_flaw(old):
    """What the flaw of a gather or of a task does to the jobs, if it does."""
    events = " ".join(old.get(job, "") for job in "abc")
    if "is lost" in events:
        return "lost"
    return "runs on" if "raises" in events else None


def argument_names(code):
    """Those of a program's `main`."""
    (main,) = [it for it in code.co_consts if getattr(it, "co_name", None) == "main"]
    return main.co_varnames[: main.co_argcount]


def differences(before, after, kind):
    """For each scenario on each loop: who differs, and how."""
    found = {}
    table = TABLES[kind]()
    if kind == "wait_for" and "timeout" not in argument_names(before):
        # A program that sets the time itself takes this one.
        table = {name: spec for name, spec in table.items() if spec["timeout"] == 2}
    runs = [(name, label) for name in table for label in LOOPS]

    def both(run):
        name, label = run
        return [play(code, table[name], LOOPS[label]) for code in (before, after)]

    # Where time passes, everything at once.
    with concurrent.futures.ThreadPoolExecutor(50 if "uvloop" in LOOPS else 1) as pool:
        for (name, label), (old, new) in zip(runs, pool.map(both, runs)):
            flaw = table[name]["flaw"] or shown_flaw(old)
            for who in sorted(set(old) | set(new)):
                if old.get(who, "") != new.get(who, ""):
                    row = (name, who, old.get(who, ""), new.get(who, ""))
                    found.setdefault(row, {})[label] = flaw
    return found, len(table)


def main():
    paths = sys.argv[1:3]
    codes = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        codes.append(compile(text, "program.py", "exec"))
    (kind,) = [it for it in TABLES if "# scenarios: %s\n" % it in text]
    gc.collect()
    gc.freeze()
    # What is collected, and when, is the loop's choice alone.
    gc.disable()
    found, count = differences(*codes, kind)
    for (name, who, old, new), loops in found.items():
        # Nothing excuses a difference on a loop that does not show the flaw.
        flaw = None if None in loops.values() else next(iter(loops.values()))
        where = [loop or "plain" for loop in loops]
        if len(loops) == len(LOOPS):
            where = []
        elif set(LOOPS) - set(loops) == {"collecting"}:
            where = ["not collecting"]
        print(json.dumps([name, who, old, new, flaw, where]))
    print(count, len(LOOPS))


if __name__ == "__main__":
    main()
