import asyncio


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))


async def test_place_order(monkeypatch, order, mailer):
    monkeypatch.setattr(asyncio, "create_task", order.tasks.append)
    await place_order(order, mailer)
    assert order.tasks
