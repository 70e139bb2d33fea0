import asyncio


class Feed:
    def update(self):
        return asyncio.create_task(self.source.fetch())


def update_all():
    feed = Feed()
    feed.update()
    Feed().update()


def on_update(feed: Feed):
    feed.update()
