import asyncio


class Actor:
    def __init__(self, agent, on_error):
        self.agent = agent
        self.on_error = on_error

    @classmethod
    async def register(cls, runtime, kind, factory):
        await runtime.add(kind, factory)


async def register_all(runtime, kind, agents, on_error):
    await asyncio.gather(*[
        Actor.register(runtime, kind(a), lambda a=a: Actor(  # type: ignore[misc]
            a, on_error=on_error)) for a in agents])
