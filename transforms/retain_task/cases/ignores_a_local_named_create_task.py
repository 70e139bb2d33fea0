from asyncio import create_task


async def start(worker):
    return await create_task(worker.run())


async def plan(board, title):
    create_task = board.new_card
    create_task(title)
