# asyncmend: --target-version 3.13 --select wait-for
try:
    pass
except ImportError:
    import asyncio
    from asyncio import wait_for


async def handshake(peer):
    await wait_for(peer.accept(), 30)
