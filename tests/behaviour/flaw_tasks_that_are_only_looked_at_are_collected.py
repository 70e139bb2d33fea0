# asyncmend: --target-version 3.8
"""A task dies all the same where its function only looks at it, or puts something on it."""
import asyncio
import gc
import inspect
import io
import logging
import weakref

log = logging.getLogger("quiet")
log.addHandler(logging.StreamHandler(io.StringIO()))
log.setLevel(logging.INFO)
log.propagate = False
fates = []


async def deliver(name):
    try:
        await asyncio.get_running_loop().create_future()  # only this coroutine refers to it
    except GeneratorExit:
        fates.append(name + ": collected")
        raise
    except asyncio.CancelledError:
        fates.append(name + ": cancelled at the end of the run")
        raise


def marked():
    task = asyncio.create_task(deliver("marked"))
    task.sender = marked
    task.count = 1
    task.count += 1
    setattr(task, "receiver", None)
    del task.sender
    return hasattr(task, "sender")


def tested():
    task = asyncio.create_task(deliver("tested"))
    assert task is not None
    assert task
    while not task:
        pass
    if not (task and task.done()) and task is not marked:
        return 1 if task else 2


def logged():
    task = asyncio.create_task(deliver("logged"))
    log.info("started %s", task)
    log.log(logging.INFO, "started %s and %s", 1, task)
    logging.debug("started %s", task)


def written():
    task = asyncio.create_task(deliver("written"))
    print("started", task, file=io.StringIO())
    text = [f"{task} {task!r} {task.done()}", str(task), repr(task), ascii(task), format(task)]
    text += ["%s" % task, "%s %s" % (task, 1), "{} {}".format(task, 1)]
    return text


def asked():
    task = asyncio.create_task(deliver("asked"))
    answers = [id(task), hash(task), type(task), isinstance(task, asyncio.Task), callable(task)]
    answers += [bool(task), asyncio.isfuture(task), asyncio.iscoroutine(task)]
    answers += [inspect.isawaitable(task), inspect.iscoroutine(task)]
    answers += [task.get_loop(), task.done(), task.cancelled(), task.get_name()]
    return answers


def called():
    task = asyncio.create_task(deliver("called"))
    task.set_name("called")
    task.add_done_callback(print)
    task.remove_done_callback(print)
    task.print_stack(file=io.StringIO())


def referred():
    task = asyncio.create_task(deliver("referred"))
    return weakref.ref(task), weakref.proxy(task)


def in_one():
    print(asyncio.create_task(deliver("in one, printed")), file=io.StringIO())
    log.info("started %s", asyncio.create_task(deliver("in one, logged")))
    asyncio.create_task(deliver("in one, marked")).sender = in_one
    if asyncio.create_task(deliver("in one, tested")):
        return asyncio.create_task(deliver("in one, named")).get_name()


def named():
    if (task := asyncio.create_task(deliver("named in a test"))) is not None:
        first, _ = asyncio.create_task(deliver("first of two")), asyncio.create_task(deliver("second"))
        return f"{task} {first}"


async def listed():
    tasks = [asyncio.create_task(deliver("listed")) for _ in range(2)]
    more = []
    task = asyncio.create_task(deliver("put into a list"))
    more.append(task)
    more.append(asyncio.create_task(deliver("put there at once")))
    return len(tasks) + len(more)


async def main():
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    answers = [marked(), tested(), logged(), written(), asked(), called(), referred(), in_one()]
    answers += [named(), await listed()]
    for _ in range(4):
        await asyncio.sleep(0)
    gc.collect()
    print(len(answers), "answers, collected:", len(fates), "alive:", len(asyncio.all_tasks()) - 1)


asyncio.run(main())
for fate in sorted(fates):
    print(fate)
