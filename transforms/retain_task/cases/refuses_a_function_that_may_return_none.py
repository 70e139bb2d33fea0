import asyncio


def lookup(cache, key):
    if key in cache:
        return None
    task = asyncio.create_task(cache.load(key))
    return task


class Uploader:
    def upload(self, path):
        if path.exists():
            return asyncio.create_task(self.client.put(path))
        else:
            return None

    def on_change(self, path):
        self.upload(path)


def prefetch(cache, keys):
    for key in keys:
        lookup(cache, key)
