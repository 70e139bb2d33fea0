import asyncio
import logging

from shop.log import logger

log = logging.getLogger(__name__)


async def given_to_something_unknown(fetch, panel):
    task = asyncio.create_task(fetch("/orders"))
    logger.info("started %s", task)
    second = asyncio.create_task(fetch("/orders"))
    panel.info("started %s", second)


async def kept_by_what_is_put_on_something(fetch, order):
    task = asyncio.create_task(fetch("/orders"))
    setattr(order, "task", task)
    second = asyncio.create_task(fetch("/orders"))
    order.tasks = (second,)


async def kept_by_a_bound_method(fetch, panel):
    task = asyncio.create_task(fetch("/orders"))
    panel.on_close = task.cancel
    second = asyncio.create_task(fetch("/orders"))
    panel.ask = second.done


async def kept_by_an_attribute_that_may_be_a_method(fetch, panel):
    task = asyncio.create_task(fetch("/orders"))
    panel.stop = getattr(task, "cancel")


async def kept_by_another_name(fetch, panel):
    task = asyncio.create_task(fetch("/orders"))
    panel.task = task or None
    second = asyncio.create_task(fetch("/orders"))
    panel.task = second if panel.open else None


async def kept_by_a_comparison_that_is_not_builtin(fetch, panel):
    task = asyncio.create_task(fetch("/orders"))
    return task == panel


async def kept_by_an_exception(fetch):
    task = asyncio.create_task(fetch("/orders"))
    assert task.get_name(), task


async def kept_by_a_record(fetch):
    task = asyncio.create_task(fetch("/orders"))
    log.info("started", extra={"task": task})


async def kept_by_a_logger_of_its_own(fetch, print):
    task = asyncio.create_task(fetch("/orders"))
    print(task)


log.warning = log.parent.tasks.append


async def kept_by_a_method_that_is_replaced(fetch):
    task = asyncio.create_task(fetch("/orders"))
    log.warning(task)


async def shown_with_something_unknown(fetch, panel):
    task = asyncio.create_task(fetch("/orders"))
    return f"{panel.show(task)}"


async def unpacked(fetch, panel):
    task = asyncio.create_task(fetch("/orders"))
    print(*panel.lines, *task)


async def made_and_kept(fetch, panel):
    panel.add(asyncio.create_task(fetch("/orders")))
    return asyncio.create_task(fetch("/returns")) or panel
