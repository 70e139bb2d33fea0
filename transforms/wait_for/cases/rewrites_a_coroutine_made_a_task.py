# asyncmend: --target-version 3.10
import asyncio


class Watchdog:
    def start(self, beat):
        self.task = asyncio.create_task(asyncio.wait_for(beat.wait(), timeout=60))
        return self.task
