"""Runs a program before and after it was mended, on a clock of its own, and compares what happens.

Usage: world.py FOLDER SCENARIOS. For each `NAME.before.py` in the folder there is a `NAME.after.py`. Both
are run in the same scenarios: which job takes how long, which one fails, when the program is cancelled, whether
garbage is collected every few turns of the loop, and whether tasks are eager (3.12).
Prints a line for each program in which a difference shows that the mend does not explain.

What has to be the same: how the program ends, and all that its main chain of awaits notes, with the time of
each note. A job that is gathered may be cancelled after a failure where it ran on before; until then it has
to do the same. One that was lost to the collector may go on. Of deadlines around each other that expire at one
moment either may win: how many turns of the loop each takes is nobody's promise.
"""
import asyncio
import gc
import os
import random
import sys
import traceback
import weakref

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from clock import VirtualLoop  # noqa: E402

FAR = 10_000.0


class Boom(Exception):
    """What a job fails with."""


class Loop(VirtualLoop):
    def __init__(self):
        # When something first went wrong, and when something was first lost.
        self.trouble_at = self.lost_at = FAR
        # When two deadlines expired at once.
        self.expired_at = self.both_expired_at = None
        self.collects = False
        self.turns = 0
        super().__init__()

    def _run_once(self):
        self.turns += 1
        if self.collects and self.turns % 8 == 0:
            gc.collect()
        super()._run_once()

    def call_at(self, when, callback, *args, **keywords):
        if getattr(callback, "__name__", "") not in ("_release_waiter", "_on_timeout"):
            return super().call_at(when, callback, *args, **keywords)

        def expire(*args):
            if self.expired_at == when and self.both_expired_at is None:
                self.both_expired_at = self.now
            self.expired_at = when
            callback(*args)

        return super().call_at(when, expire, *args, **keywords)

    def create_task(self, *args, **keywords):
        task = super().create_task(*args, **keywords)
        task.add_done_callback(self.note_trouble)
        return task

    def note_trouble(self, task):
        """Whatever fails may stop those that are gathered with it."""
        if task.cancelled() or task._exception is not None:
            self.trouble_at = min(self.trouble_at, self.now)


class World:
    """What programs ask for what they do, and tell what they did."""

    Boom = Boom

    def __init__(self, scenario):
        self.scenario = scenario
        self.kind = scenario % 4
        self.loop = None
        self.notes = {}
        self.counts = {}
        # When which failure came.
        self.failures = {}

    def random(self, *words):
        words = tuple(map(str, words))
        count = self.counts[words] = self.counts.get(words, 0) + 1
        return random.Random(" ".join((str(self.scenario), str(count)) + words))

    def note(self, who, *what):
        self.notes.setdefault(who, []).append((round(self.loop.now, 6), repr(what)))

    def child(self, who, place):
        key = (who, place)
        count = self.counts[key] = self.counts.get(key, 0) + 1
        return "%s.%s#%s" % (who, place, count)

    def coin(self, who, place):
        return self.random("coin", who, place).random() < 0.5

    async def run(self, who):
        """One job."""
        luck = self.random("job", who)
        steps = luck.choice([0, 1, 1, 2, 3])
        fails = self.kind in (1, 3) and luck.random() < 0.3
        self.note(who, "begins")
        try:
            for _ in range(steps):
                await self.wait(luck.uniform(0.1, 2.0), luck.random() < 0.5)
                self.note(who, "goes on")
            if fails:
                self.failures[repr(Boom(who))] = self.loop.now
                raise Boom(who)
            self.note(who, "ends")
            return "result of %s" % who
        except asyncio.CancelledError:
            self.note(who, "is cancelled")
            raise
        except GeneratorExit:
            self.loop.lost_at = min(self.loop.lost_at, self.loop.now)
            raise

    async def wait(self, seconds, alone):
        """Takes its time; where nobody but the job itself holds what it waits for, `alone`."""
        if not alone:
            await asyncio.sleep(seconds)
            return
        future = self.loop.create_future()
        weak = weakref.ref(future)

        def end():
            future = weak()
            if future is not None and not future.done():
                future.set_result(None)

        self.loop.call_later(seconds, end)
        await future

    async def each(self, who, count):
        for number in range(count):
            yield self.child(who, "each %s" % number)

    async def pause(self, who):
        await asyncio.sleep(self.random("pause", who).uniform(0.1, 1.0))

    def manager(self, who):
        return Manager(self, who)


class Manager:
    def __init__(self, world, who):
        self.world, self.who = world, who

    async def __aenter__(self):
        self.world.note(self.who, "enters")

    async def __aexit__(self, kind, error, trace):
        self.world.note(self.who, "leaves", kind)
        return False


async def everything(world, main):
    task = asyncio.ensure_future(main)
    if world.kind in (2, 3):
        when = world.random("cancel").uniform(0.1, 6.0)

        def cancel():
            if not task.done():
                world.loop.trouble_at = min(world.loop.trouble_at, world.loop.now)
                task.cancel()

        world.loop.call_at(when, cancel)
    await asyncio.wait([task])
    world.note("m", "is over")
    if task.cancelled():
        end = "cancelled"
    else:
        end = repr(task.exception() or task.result())
    # What was left behind may go on to its end.
    left = asyncio.all_tasks() - {asyncio.current_task()}
    if left:
        _, stuck = await asyncio.wait(left, timeout=FAR)
        if stuck:
            end += ", and %s tasks are stuck" % len(stuck)
    return end


def play(code, scenario):
    """The end of the program, its notes, and when something first went wrong or was lost."""
    world = World(scenario)
    world.loop = loop = Loop()
    loop.collects = scenario // 4 % 3 == 1
    if scenario // 4 % 3 == 2 and hasattr(asyncio, "eager_task_factory"):
        loop.set_task_factory(asyncio.eager_task_factory)
    reports = []
    loop.set_exception_handler(
        lambda loop, context: reports.append(
            (context["message"], repr(context.get("exception")))
        )
    )
    asyncio.set_event_loop(loop)
    try:
        names = {"W": world, "__name__": "program"}
        exec(code, names)
        end = loop.run_until_complete(everything(world, names["main"]("m")))
    except BaseException as error:
        end = "".join(traceback.format_exception_only(type(error), error))
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    both_expired_at = FAR if loop.both_expired_at is None else loop.both_expired_at
    times = (loop.trouble_at, loop.lost_at, both_expired_at)
    return end, world.notes, [round(time, 6) for time in times], world.failures


def difference(before, after, has_group):
    """What differs without being explained by the mend, which `has_group` where it writes a task group."""
    end, notes, (trouble_at, lost_at, both_expired_at), failures = before
    new_end, new_notes, (_, _, new_both_expired_at), _ = after
    both_expired_at = min(both_expired_at, new_both_expired_at)
    # Of failures at one time another may come first: a task group takes a turn of the loop more.
    are_at_once = has_group and end in failures and failures[end] == failures.get(new_end)
    if end != new_end and not are_at_once and both_expired_at == FAR:
        return "ends with %s, not %s" % (new_end, end)
    for who in sorted(set(notes) | set(new_notes)):
        old, new = notes.get(who, []), new_notes.get(who, [])
        if old == new:
            continue
        same = 0
        while same < min(len(old), len(new)) and old[same] == new[same]:
            same += 1
        is_main = "." not in who
        first = min(note[0] for note in (old[same : same + 1] + new[same : same + 1]))
        if not is_main and first >= lost_at or first >= both_expired_at:
            continue
        # It was stopped, though later than a failure that now stops who would have stopped it.
        was_stopped = old[-1:] and "is cancelled" in old[-1][1]
        if not is_main and was_stopped and min(failures.values(), default=FAR) < old[-1][0]:
            continue
        if is_main or first < trouble_at:
            return "%s: %s, not %s" % (who, new[same : same + 2], old[same : same + 2])
        # What a cancellation still lets it do takes no time here.
        if len({note[0] for note in new[same:]}) > 1:
            return "%s goes on: %s, not %s" % (who, new[same:], old[same:])
    return None


def main():
    folder, scenarios = sys.argv[1], int(sys.argv[2])
    gc.collect()
    gc.freeze()
    # What is collected, and when, is the loop's choice alone.
    gc.disable()
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".before.py"):
            continue
        name = name[: -len(".before.py")]
        codes = []
        for part in "before", "after":
            with open(os.path.join(folder, "%s.%s.py" % (name, part)), "rb") as file:
                text = file.read()
            codes.append(compile(text, "%s.%s.py" % (name, part), "exec"))
        for scenario in range(scenarios):
            before, after = (play(code, scenario) for code in codes)
            found = difference(before, after, b"TaskGroup" in text)
            if found:
                print("%s %s %s" % (name, scenario, found.replace("\n", " ")), flush=True)
                break


if __name__ == "__main__":
    main()
