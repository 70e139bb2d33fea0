import asyncio


async def greet(terminal):
    print(f"hello {await asyncio.wait_for(terminal.ask('name?'), 60)!r}")
