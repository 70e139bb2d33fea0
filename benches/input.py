# What `one_file.rs` and `guard.py` measure: shapes of the tests, one after the other. Not to be changed.
import asyncio


async def fetch_left():
    await asyncio.sleep(0)


async def fetch_right():
    await asyncio.sleep(0)


async def fetch_both():
    left, right = \
        await asyncio.gather(fetch_left(), \
                             fetch_right())
    return left, right


import asyncio


async def checksum(path):
    await asyncio.sleep(0)
    return hash(path)


async def is_clean(left, right):
    return await asyncio.gather(checksum(left), checksum(right)) == [0, 0]


import asyncio


async def load_rates():
    await asyncio.sleep(0)
    return {}


async def convert(amount):
    rates, fees = await asyncio.gather(load_rates(), load_rates())
    return amount * len(rates) + len(fees)


from asyncio import gather


async def run_suite(name):
    return name


async def run_suites(asyncio=False):
    if asyncio:
        return await gather(run_suite("unit"), run_suite("browser"))
    return [await run_suite("unit"), await run_suite("browser")]


import asyncio


async def connect(address):
    await asyncio.sleep(0)
    return address


async def connect_everywhere(port, names):
    waits = [
        connect(f"127.0.0.1:{port}"),
    ]
    if names:
        waits += [
            connect(f"[::1]:{port}"),
            connect(f"localhost:{port}"),
        ]
    waits += [connect(name) for name in names]
    waits += (connect(f"{name}.local") for name in names)
    await asyncio.gather(*waits)


async def connect_later(port, names):
    waits = [connect(f"127.0.0.1:{port}")]
    await asyncio.sleep(1)
    waits += [connect(name) for name in names]
    return await asyncio.gather(*waits)


import asyncio


async def fetch_score(player):
    await asyncio.sleep(0)
    return len(player)


async def scores(players):
    return await asyncio.gather(*map(fetch_score, players))


import asyncio


async def first_response(page, url):
    return (await asyncio.gather(page.expect_response("/login"), page.goto(url)))[0]


import asyncio


async def pairs(client, keys):
    for key in keys:
        yield await asyncio.gather(client.old(key), client.new(key))


import asyncio


async def index(document):
    await asyncio.sleep(0)
    return document


async def index_feed(feed):
    await asyncio.gather(*[index(document) async for document in feed])


import asyncio


async def stop(service):
    await asyncio.sleep(0)


async def stop_all(services):
    await asyncio.gather(*[stop(service) for service in services], return_exceptions=False)


import asyncio


async def send(address, body):
    await asyncio.sleep(0)
    return address, body


async def notify(directory, body):
    await asyncio.gather(
        send(await directory.owner(), body),
        send(await directory.deputy(), body),
    )


import asyncio


def shrink(image):
    return image[::2]


async def shrink_all(images, pool):
    loop = asyncio.get_running_loop()
    return await asyncio.gather(*[loop.run_in_executor(pool, shrink, image) for image in images])


import asyncio


class Importer:
    @classmethod
    async def prepare(cls):
        await asyncio.gather(cls.check_schema(), cls.check_space())

    @classmethod
    async def check_schema(cls):
        await asyncio.sleep(0)

    @classmethod
    async def check_space(cls):
        await asyncio.sleep(0)


import asyncio


async def load(region):
    await asyncio.sleep(0)
    return [region]


def label():
    print("labelled")
    return "label"


class Report:
    def __init__(self):
        self.total = 0
        self.title = "report"

    async def write(self, rows, options):
        print(label(), await asyncio.gather(load("a"), load("b")))
        print(self.title, await asyncio.gather(load("a"), load("b")))
        self.append(await asyncio.gather(load("a"), load("b")))
        print({**options, "rows": await asyncio.gather(load("a"), load("b"))})
        print(**options, rows=await asyncio.gather(load("a"), load("b")))
        self.total += len(await asyncio.gather(load("a"), load("b")))
        total = 1
        total += len(await asyncio.gather(load("a"), load(total := 5)))
        assert await asyncio.gather(load("a"), load("b"))
        rows or await asyncio.gather(load("a"), load("b"))
        print(1 if rows else await asyncio.gather(load("a"), load("b")))
        print(0 < total < len(await asyncio.gather(load("a"), load("b"))))
        print([await asyncio.gather(load(row), load(row)) for row in rows])
        print([row for _ in rows for row in await asyncio.gather(load("a"), load("b"))])
        if not rows:
            return total
        elif await asyncio.gather(load("a"), load("b")):
            return None
        while await asyncio.gather(load("a"), load("b")):
            rows = rows[1:]
        return f"{label()} {await asyncio.gather(load('a'), load('b'))}"

    def append(self, rows):
        self.total += len(rows)

    async def counted(self):
        count = 0

        async def one():
            nonlocal count
            count += 1
            return count

        count += sum(await asyncio.gather(one(), one()))
        return [count, sum(await asyncio.gather(one(), one()))]


import asyncio


class Probe:
    @staticmethod
    async def read(pin):
        await asyncio.sleep(0)
        return pin

    async def read_both(self):
        low, high = await asyncio.gather(self.read(1), Probe.read(2))
        return low, high


import asyncio


async def find_tag(path):
    await asyncio.sleep(0)
    return path.partition("#")[2]


async def tags(paths):
    names = [tag for tag in await asyncio.gather(*[find_tag(path) for path in paths]) if tag]
    return sorted(names)


import asyncio


class Poller:
  async def poll(self, device):
    await asyncio.sleep(0)
    return device

  async def poll_all(self, devices):
    while devices:
      states = await asyncio.gather(*[self.poll(device) for device in devices])
      devices = [state for state in states if state]


import asyncio


async def place_order(order, mailer):
    asyncio.create_task(
        # the template is chosen by language
        mailer.send(
            order.customer,
            template="confirmation",  # see templates/
            body="""
Dear customer,
    thank you.
""",
        ),
        name=f"confirm-{order.id}",
    )


import asyncio


async def broadcast(clients, message):
    [asyncio.create_task(client.send(message)) for client in clients if client.ready]


async def relay(clients, messages):
    [asyncio.create_task(clients.send(message)) async for message in messages]


import asyncio


async def broadcast(clients, message):
    asyncio.gather(*(client.send(message) for client in clients), return_exceptions=True)


async def announce(mailer, order):
    asyncio.gather(mailer.confirm(order), mailer.invoice(order))


import asyncio


async def broadcast(clients, message):
    spawn = asyncio.ensure_future
    for client in clients:
        spawn(client.send(message))


import asyncio


async def place_order(order, mailer, audit):
    order.paid and asyncio.create_task(mailer.confirm(order))
    order.silent or asyncio.create_task(audit.record(order))


async def on_startup(server):
    from asyncio import create_task

    create_task(server.warm_up())


import asyncio


async def publish(queue, event):
    await queue.put(event)


async def on_order(queue, order):
    asyncio.create_task(publish(queue, order))
    return order.id


import asyncio


def watch(path, changed):
    return asyncio.create_task(changed.follow(path))


def watch_settings(settings):
    watcher = watch(settings.path, settings.changed)
    settings.load()


def watch_templates(templates):
    _ = watch(templates.path, templates.changed)
    watcher: asyncio.Task = watch(templates.base, templates.changed)
    watcher.add_done_callback(templates.forget)


import asyncio


class Poller:
    def start(self) -> "asyncio.Task[None]":
        return asyncio.create_task(self.run())

    async def restart(self) -> asyncio.Task:
        await self.stop()
        return asyncio.create_task(self.run())

    async def serve(self, server):
        self.start()
        await server.run()

    async def on_error(self, error):
        if error.is_final:
            return
        await self.restart()


def start_all(poller: Poller):
    poller.start()
    Poller.start(poller)
    other = Poller()
    other.start()


import asyncio

from shop import audit, mail, stock


def record(event, order):
    return asyncio.create_task(audit.record(event, order))


def confirm(order):
    return asyncio.create_task(mail.confirm(order))


async def place_order(order):
    await stock.reserve(order)
    confirm(order); record("placed", order)


async def cancel_order(order):
    await stock.release(order)
    record("cancelled", order)


class Returns:
    async def take_back(self, order):
        if not order.is_paid: return
        record("returned", order)
        asyncio.create_task(mail.refund(order))


import asyncio


def start(app):
    return asyncio.create_task(app.run())


def restart(app):
    app.stop()
    return start(app)


def on_reload(app):
    restart(app)


import asyncio as aio

from shop.cache import refresh_cache


class Catalogue:
    async def lookup(self, key):
        if key not in self.entries:
            aio.create_task(refresh_cache(key))
        return self.entries.get(key)


import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.send(await order.render(), to=await order.address()))


import asyncio


async def place_order(order, mailer):
    _ = asyncio.create_task(mailer.confirm(order))
    return order


import asyncio

_background_tasks = set()


async def place_order(order, mailer):
    task = asyncio.create_task(mailer.confirm(order))
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)


async def cancel_order(order, mailer):
    asyncio.create_task(mailer.cancel(order))


import asyncio


class Reminder:
    def __init__(self, mailer):
        self.mailer = mailer
        self.loop = asyncio.get_event_loop()

    def schedule(self, order, delay):
        self.loop.call_later(delay, self.loop.create_task, self.mailer.remind(order))


import asyncio


async def place_order(order, mailer):
    try:
        asyncio.create_task(mailer.confirm(order))
    except RuntimeError:
        asyncio.ensure_future(mailer.retry(order))
    else:
        asyncio.create_task(mailer.invoice(order))
    finally:
        asyncio.create_task(mailer.close())


import asyncio


async def place_order(order, mailer):
    if order.paid: asyncio.create_task(mailer.confirm(order))
    else: asyncio.create_task(mailer.remind(order))
    for item in order.items: asyncio.create_task(mailer.describe(item))


async def close_order(order, mailer): asyncio.create_task(mailer.close(order))


import asyncio


class Poller:
    def __init__(self, source):
        self.source = source
        self.loop = asyncio.get_event_loop()

    def start(self):
        self.loop.create_task(self.run())

    async def run(self):
        await self.source.read()


import asyncio


async def place_order(order, mailer):
    # the customer need not wait for this
    asyncio.create_task(mailer.confirm(order))  # type: ignore[no-untyped-call]
    asyncio.create_task(mailer.invoice(order))  # noqa: E501
    asyncio.create_task(mailer.rate(order))  # pragma: no cover  # pylint: disable=unused


import asyncio


def install(loop: asyncio.AbstractEventLoop, _keep_task, _background_tasks, mailer):
    _keep_task(mailer)
    loop.call_later(1, lambda: loop.create_task(mailer.flush(_background_tasks)))


import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))


import asyncio


class Cursor:
    async def advance(self, rows):
        self.current = row = await asyncio.wait_for(rows.get(), timeout=2)
        return row


import asyncio


async def boot(machine, slow):
    await asyncio.wait_for(machine.boot(), timeout=300 if slow else None)


import asyncio

CONNECT_TIMEOUT = 2 * 60


async def connect(gateway):
    link = await asyncio.wait_for(gateway.connect(), timeout=CONNECT_TIMEOUT)
    return link


from asyncio import wait_for


async def fetch(client, url):
    timeout = 30
    response = await wait_for(client.get(url), timeout=timeout)
    return response, timeout


import asyncio


async def negotiate(peer):
    async with asyncio.timeout(await asyncio.wait_for(peer.patience(), 1)):
        await peer.hello()


import asyncio


async def names(directory):
    for entry in await asyncio.wait_for(directory.list(), timeout=5):
        yield entry.name


import asyncio

EXPIRED = -1


async def poll(event):
    await asyncio.wait_for(event.wait(), EXPIRED)


import asyncio


async def read_header(reader):
    return await asyncio.wait_for(reader.readexactly(8), timeout=10)


import asyncio
import contextlib


async def warm_up(pool):
    async with pool.acquire() as connection:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(connection.execute("select 1"), timeout=3)


import asyncio


async def wait_until_ready(ready):
    await asyncio.wait_for(ready.wait(), timeout=5)
    print("ready")


import asyncio


async def retry(call):
    delay = 1
    while delay < 60:
        try:
            return await asyncio.wait_for(call(), delay)
        except asyncio.TimeoutError:
            delay *= 2
    return None


import asyncio


async def deliver(mailer, directory, letter):
    receipt = await asyncio.wait_for(mailer.send(await directory.find(letter.to), letter), 20)
    return receipt


import asyncio


class Client:
    async def open(self, connector):
        self._session, self.retries["open"] = await asyncio.wait_for(connector, timeout=30)
        return self._session


import asyncio


async def flash(board, image):
    result = await asyncio.wait_for(
        # The board reboots twice
        # while it is flashed.
        board.flash(image),  # returns a checksum
        timeout=120,  # two minutes are plenty
        # and no retry
    )
    return result


import asyncio
import logging

log = logging.getLogger(__name__)


async def read_state(device):
    try:
        state = await asyncio.wait_for(device.state(), timeout=2)
    except asyncio.CancelledError:
        log.info("cancelled")
        raise
    except (TimeoutError, OSError) as error:
        log.warning("no state: %s", error)
    else:
        return state


import asyncio


async def exchange(reader, writer):
    line = await asyncio.wait_for(fut=reader.readline(), timeout=5)
    await asyncio.wait_for(timeout=2, fut=writer.drain())
    return line


import asyncio


async def total(meter, offset):
    reading = offset() + int(await asyncio.wait_for(meter.read(), 5))
    return reading, (await asyncio.wait_for(meter.unit(), 5)).lower()


import asyncio


class Reader:
    async def add(self):
        self.total += await asyncio.wait_for(self.fetch(self.next_page()), 1)

    async def pair(self):
        return self.total, await asyncio.wait_for(self.fetch(self.next_page()), 1)

    async def check(self):
        assert await asyncio.wait_for(self.fetch(self.next_page()), 1) == 5

    async def show(self, parts):
        print(*parts, await asyncio.wait_for(self.fetch(1), 1))


async def nested(get):
    return await asyncio.wait_for(asyncio.wait_for(get(), 1), 0.1)


async def nested_by_name(get):
    inner = asyncio.wait_for(get(), 1)
    return await asyncio.wait_for(inner, 0.1)


async def at_least(get, seconds):
    return await asyncio.wait_for(get(), max(0.1, seconds))


async def bound_on_the_way(get):
    first = 10
    return first + await asyncio.wait_for(get((first := 20)), 1)


import asyncio


class Station:
    async def poll(self, meter, clock):
        job = self.job = asyncio.create_task(meter.read())
        await asyncio.gather(job, clock.tick())


import asyncio


async def finish(running):
    index, search = await asyncio.gather(running["index"], running["search"])
    return index, search


import asyncio


async def join(jobs):
    return await asyncio.gather(*(job.task for job in jobs if job.started))


from shop.log import report_failure


async def place_order(order, app):
    app.create_task(order.confirm()).add_done_callback(report_failure)


import asyncio


async def run(fetch):
    try:
        fetch()
    except LookupError as asyncio:
        asyncio.create_task(fetch(1))


import asyncio


async def touch(key):
    await asyncio.sleep(0)


def invalidate():
    asyncio.gather(touch("users"), touch("orders"))


import asyncio


class Service:
    async def serve(self, port):
        await asyncio.sleep(port)

    def start(self):
        self._serving = asyncio.gather(self.serve(80), self.serve(443))

    def stop(self):
        self._serving.cancel()


import asyncio


async def build(target):
    await asyncio.sleep(0)


def main(targets):
    asyncio.run(asyncio.gather(*[build(target) for target in targets]))


import asyncio


async def encode(frame):
    await asyncio.sleep(0)


def encode_all(frames, done):
    asyncio.gather(*[encode(frame) for frame in frames]).add_done_callback(done)


import asyncio
from unittest.mock import AsyncMock, patch


async def tick(clock):
    await asyncio.sleep(0)


@patch("asyncio.gather", new_callable=AsyncMock)
async def check_patched(gathered):
    await asyncio.gather(tick("utc"), tick("local"))
    return gathered.await_count


import asyncio

from tornado import gen


@gen.coroutine
def fetch_both(client, left, right):
    responses = yield asyncio.gather(client.fetch(left), client.fetch(right))
    return responses


import asyncio


async def load(name):
    await asyncio.sleep(0)
    return name


def load_tree():
    return asyncio.gather(asyncio.gather(load("a"), load("b")), asyncio.gather(load("c"), load("d")))


import asyncio


async def fetch_all(client, urls, **options):
    return await asyncio.gather(*[client.get(url) for url in urls], **options)


import asyncio


async def fetch(page):
    await asyncio.sleep(0)


async def main():
    pages = asyncio.gather(fetch(1), fetch(2))
    pages.cancel()
    await asyncio.wait([pages])
    if pages.cancelled():
        print("stopped")


import asyncio; loop = asyncio.new_event_loop(); loop.create_task(asyncio.sleep(1))


def stop():
    loop.stop()


import asyncio


def notify(app, what):
    if not app.is_running:
        return
    return asyncio.create_task(app.send(what))


async def resume(app):
    if app.is_running:
        return
    await app.open()
    return asyncio.create_task(app.run())


async def on_startup(app):
    notify(app, "up")
    await resume(app)


import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))


async def test_place_order(monkeypatch, order, mailer):
    monkeypatch.setattr(asyncio, "create_task", order.tasks.append)
    await place_order(order, mailer)
    assert order.tasks


import asyncio


class Worker:
    async def start(self):
        job = asyncio.create_task(self.run())
        self.job = job
        asyncio.ensure_future(job)


import asyncio


def announce_later(delay, arguments):
    loop = asyncio.get_running_loop()
    loop.call_later(delay, loop.create_task, *arguments)


import asyncio
from unittest import mock


async def check_expiry(client):
    with mock.patch("app.client.asyncio.wait_for", side_effect=asyncio.TimeoutError):
        await asyncio.wait_for(client.ping(), timeout=5)


import asyncio


async def call(request):
    limited = (request.send(), request.timeout)
    return await asyncio.wait_for(*limited)
