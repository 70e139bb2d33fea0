# asyncmend: --target-version 3.13
import asyncio


async def state(valve):
    await asyncio.sleep(0)
    return valve


async def decide():
    match await asyncio.gather(state("inlet"), state("outlet")):
        case ["open", "open"]:
            return "flow"
        case _:
            return "stop"
