import asyncio
LIMIT=3

class Service:
    def start(self, one):
        asyncio.create_task(self._executor.join(one), name="a name that fills the lin")  # type: ignore
        print(one)
