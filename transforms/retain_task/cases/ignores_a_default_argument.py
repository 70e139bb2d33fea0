import asyncio


def make_stopper(server):
    def stop(watcher=asyncio.ensure_future(server.watch())):
        watcher.cancel()

    return stop
