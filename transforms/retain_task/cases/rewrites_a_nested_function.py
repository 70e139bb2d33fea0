import asyncio


def make_handler(mailer):
    def handler(order):
        def later():
            asyncio.ensure_future(mailer.confirm(order))

        later()

    return handler
