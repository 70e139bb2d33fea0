import asyncio
import contextvars


class Connection:
    def __init__(self):
        self.context: contextvars.Context | None = None

    async def start(self, job):
        self.context = contextvars.copy_context()
        self.context.run(asyncio.create_task, job())
        self.context.run(print, job)
