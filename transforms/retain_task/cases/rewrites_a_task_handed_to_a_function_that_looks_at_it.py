import asyncio
import logging


class Model:
    async def close(self, stream):
        task = asyncio.ensure_future(stream.aclose())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            self._detach(task)
            raise

    def schedule(self, stream):
        self._detach(asyncio.ensure_future(stream.aclose()))

    def start(self, job):
        task = asyncio.create_task(job.run())
        report(task=task, to="log")

    def _detach(self, task: "asyncio.Future[None]") -> None:
        if task.done():
            self._consume(task)
            return
        report("closing", task)
        task.add_done_callback(self._consume)

    @staticmethod
    def _consume(task) -> None:
        try:
            task.result()
        except Exception:
            logging.exception("failed")


def report(to, task):
    logging.info("%s: %s", to, task)


def on_order(order):
    Model()._detach(asyncio.create_task(order.save()))
    report("order", asyncio.create_task(order.save()))
