# asyncmend: --target-version 3.10
import asyncio


def register(routes, backend):
    routes["/status"] = lambda request: asyncio.wait_for(backend.status(request), 5)
