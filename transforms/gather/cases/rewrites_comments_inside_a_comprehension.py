import asyncio


async def f(x):
    return x


async def one(xs):
    await asyncio.gather(
        *(
            # never raises
            f(x)
            for x in xs
        )
    )
    return dict(
        zip(
            xs,
            await asyncio.gather(
                *(
                    # Note: this never raises exceptions
                    f(w)  # trailing
                    for w, who_has in xs.items()
                    # only some
                    if w
                )
            ),
        )
    )


async def two(xs):
    await asyncio.gather(  # outside
        *[f(x) for x in xs]
    )
