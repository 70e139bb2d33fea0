import asyncio
from typing import Any, Optional


class Poller:
    def begin(self) -> Any:
        return asyncio.create_task(self.run())

    def again(self) -> "asyncio.Task[None] | None":
        return asyncio.create_task(self.run())

    def later(self) -> Optional[asyncio.Task]:
        return asyncio.create_task(self.run())

    def boot(self):
        self.begin()
        self.again()
        self.later()
