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
