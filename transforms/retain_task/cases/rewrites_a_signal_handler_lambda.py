import asyncio
import signal


async def main(server):
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(
            number,
            lambda number=number: asyncio.create_task(server.stop(number)),  # bound now
        )
    await server.serve()
