import asyncio

tasks = set()
tasks_by_name = {}


def start_poller(app):
    app.poller = asyncio.create_task(app.poll())
    return app.poller


def start_server(app):
    app.server = task = asyncio.create_task(app.serve())
    return task


def start_metrics(app):
    task = asyncio.create_task(app.measure())
    app.metrics = task
    return task


def start_in_set(work):
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


def start_by_name(name, work):
    task = asyncio.create_task(work)
    tasks_by_name[name] = task
    return task


def start_watched(app, work):
    task = asyncio.create_task(work)
    app.watch(task)
    return task


def start_until_closed(app, work):
    task = asyncio.create_task(work)
    app.on_close(task.cancel)
    return task


def start_with_farewell(app, work):
    task = asyncio.create_task(work)
    app.on_close(lambda: app.say(task.get_name()))
    return task


def start_in_group(group: asyncio.TaskGroup, work):
    return group.create_task(work)


async def main(app, group):
    start_poller(app)
    start_server(app)
    start_metrics(app)
    start_in_set(app.clean())
    start_by_name("clean", app.clean())
    start_watched(app, app.clean())
    start_until_closed(app, app.clean())
    start_with_farewell(app, app.clean())
    start_in_group(group, app.clean())
