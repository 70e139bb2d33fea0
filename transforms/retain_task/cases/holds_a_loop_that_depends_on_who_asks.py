# A subclass may have another one, and so may whoever calls.
import asyncio


class Feed:
    def loop(self):
        return asyncio.get_event_loop()

    def start(self, work):
        self.loop().create_task(work)


def pick(loop=None):
    loop = loop or asyncio.get_event_loop()
    return loop


def start(recorder, work):
    pick(recorder).create_task(work)
