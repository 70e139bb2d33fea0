import asyncio


async def flash(board, image):
    result = await asyncio.wait_for(
        # The board reboots twice
        # while it is flashed.
        board.flash(image),  # returns a checksum
        timeout=120,  # two minutes are plenty
        # and no retry
    )
    return result
