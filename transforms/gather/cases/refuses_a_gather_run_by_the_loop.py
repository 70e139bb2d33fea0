import asyncio


async def serve(port):
    await asyncio.sleep(port)


def main():
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(asyncio.gather(serve(8080), serve(8443)))
    finally:
        loop.close()
