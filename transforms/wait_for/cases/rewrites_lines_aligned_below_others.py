# asyncmend: --target-version 3.10
import asyncio


async def run(ctx, pool, func, *args):
    return await asyncio.wait_for(ctx.to_thread_with_executor(
        pool, func, *args),
                                  timeout=30)


async def run2(ctx, pool, func, *args):
    return await asyncio.wait_for(ctx.to_thread(pool,
                                                func),
                                  timeout=30)
