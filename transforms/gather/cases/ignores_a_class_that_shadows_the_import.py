from asyncio import gather as collect

__all__ = ["collect", "Sampler"]


class gather:
    def __init__(self, *sources):
        self.sources = sources


class Sampler:
    def sample(self):
        return gather("cpu", "memory")
