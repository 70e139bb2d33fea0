import asyncio
import inspect
import logging
import weakref

log = logging.getLogger(__name__)


class Shop:
    def __init__(self, mailer):
        self.log = logging.getLogger("shop")
        self.mailer = mailer
        self.workers = []

    async def marked(self, order):
        task = asyncio.create_task(self.mailer.confirm(order))
        task.order = order
        task.count = 1
        task.count += 1
        setattr(task, "shop", self)

    async def logged(self, order):
        task = asyncio.create_task(self.mailer.confirm(order))
        self.log.info("started %s for %s", task, order)
        log.debug("started %s", task.get_name())
        logging.info("started %s", task)
        await order.save()

    async def shown(self, order):
        task = asyncio.create_task(self.mailer.confirm(order))
        print(f"started {task!r}", task)
        self.workers.append("%s for %s" % (task, order))
        self.workers.append("{} for {}".format(task, order))
        return str(task)

    async def tested(self, order):
        task = asyncio.create_task(self.mailer.confirm(order)) if order.mail else None
        assert order.paid and task
        if task is not None and not task.done():
            return "under way"
        elif task:
            return "done already"
        return "nothing to do" if not task else "done"

    async def asked(self, order):
        task = asyncio.create_task(self.mailer.confirm(order))
        self.workers.append((id(task), isinstance(task, asyncio.Task)))
        self.workers.append((inspect.isawaitable(task), asyncio.isfuture(task)))
        self.workers.append(weakref.ref(task))
        log.info("done already: %s", task.done())
        await asyncio.sleep(0)
        log.info(f"done by now: {task.done()}")
        return task.done()

    async def one_each(self, orders):
        while orders:
            task = asyncio.create_task(self.mailer.confirm(orders.pop()))
            await asyncio.sleep(0)
            if not task.done():
                log.info("slow")
