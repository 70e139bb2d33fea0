try:
    from asyncio import TaskGroup as Group
except ImportError:
    from taskgroup import TaskGroup as Group


class Workers:
    def __init__(self):
        self._group = Group()

    def start(self, work):
        self._group.create_task(work())
