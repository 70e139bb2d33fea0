import asyncio


async def place_order(order, mailer):
    asyncio.create_task(
        # the template is chosen by language
        mailer.send(
            order.customer,
            template="confirmation",  # see templates/
            body="""
Dear customer,
    thank you.
""",
        ),
        name=f"confirm-{order.id}",
    )
