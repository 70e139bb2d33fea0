# asyncmend: --target-version 3.10
import asyncio


async def check_order(monkeypatch, orders):
    async def one_by_one(*aws):
        return [await aw for aw in aws]

    monkeypatch.setattr(asyncio, "gather", one_by_one)
    return await asyncio.gather(*[order.total() for order in orders])
