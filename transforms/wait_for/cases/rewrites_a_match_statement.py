# asyncmend: --target-version 3.10
import asyncio


async def dispatch(command, robot):
    match command:
        case ["move", direction]:
            await asyncio.wait_for(robot.move(direction), timeout=5)
        case ["scan"] if await asyncio.wait_for(robot.ready(), 1):
            return await robot.scan()
        case _:
            return None
