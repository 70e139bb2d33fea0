import asyncio
from unittest.mock import patch


async def place_order(order, mailer):
    asyncio.create_task(mailer.confirm(order))


@patch.object(asyncio, "create_task")
def test_place_order(create_task, order, mailer):
    asyncio.run(place_order(order, mailer))
    create_task.assert_called_once()
