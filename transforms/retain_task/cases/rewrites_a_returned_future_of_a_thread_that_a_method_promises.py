import asyncio
import concurrent.futures
from concurrent.futures import Future


class Runner:
    def stop(self):
        self.run(self.close())
        self.run_quoted(self.close())
        self.run_each([self.close()])
        print("stopping")

    def run(self, coroutine) -> Future[None]:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def run_quoted(self, coroutine) -> "concurrent.futures.Future[None]":
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def run_each(self, coroutines) -> list[concurrent.futures.Future[None]]:
        return [asyncio.run_coroutine_threadsafe(it, self.loop) for it in coroutines]

    async def close(self):
        await self.connection.close()
