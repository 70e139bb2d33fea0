import asyncio
from unittest import mock


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))


async def test_place_order(order, mailer):
    with mock.patch("asyncio.create_task") as create_task:
        await place_order(order, mailer)
    create_task.assert_called_once()
