import asyncio


class Client:
    def start(self, handlers):
        if not handlers:
            return []
        return [asyncio.create_task(handler()) for handler in handlers]


def change(client: Client, handlers):
    client.start(handlers)
