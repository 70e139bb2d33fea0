# What the programs beside this file start: it stands at the end of each.
async def a():
    return await W.job("a")


async def b():
    return await W.job("b")


async def c():
    return await W.job("c")
