def start(loop, poller):
    loop.create_task(poller.run())
