import asyncio

from shop.events import notify


def announce(app, what):
    return asyncio.create_task(app.send(what))


def record(app, what):
    return asyncio.create_task(app.record(what))


class Journal:
    def notify(self, what):
        return asyncio.create_task(self.write(what))

    def announce(self, what):
        notify(self, what)


def use_recorder(recorder):
    global record
    record = recorder


def on_start(app, announce):
    announce(app, "start")


def on_pause(app):
    from shop.log import announce

    announce(app, "pause")


def on_stop(app):
    def announce(app, what):
        app.stopped = what

    announce(app, "stop")
    notify(app, "stop")
    record(app, "stop")
    app.announce("stop")
