import asyncio
from unittest import mock


def start(app):
    return asyncio.create_task(app.run())


class Poller:
    def begin(self) -> "asyncio.Task[None]":
        return asyncio.create_task(self.run())


@mock.patch("app.jobs.start", lambda app: None)
def test_start(app):
    start(app)


def test_begin(monkeypatch):
    monkeypatch.setattr(Poller, "begin", lambda self: None)
    poller = Poller()
    poller.begin()
