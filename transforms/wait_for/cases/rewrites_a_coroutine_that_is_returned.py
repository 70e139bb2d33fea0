# asyncmend: --target-version 3.9
import asyncio


class Proxy:
    def call(self, method, *args):
        return asyncio.wait_for(getattr(self.remote, method)(*args), timeout=15)
