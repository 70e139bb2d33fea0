import asyncio


async def outputs(stdout, stderr):
    out, err = await asyncio.gather(stdout.read(),
                                    stderr.read())
    return out, err
