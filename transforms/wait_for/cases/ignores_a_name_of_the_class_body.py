from asyncio import wait_for


class Farm:
    wait_for = staticmethod(print)
    ready = wait_for(None)
