import asyncio


class Gateway:
    def connected(self, client):
        greeting = asyncio.ensure_future(client.greet())
        self.clients.append(client)
