import asyncio


async def migrate(table):
    await asyncio.sleep(0)


async def upgrade():
    await asyncio.gather(
        # The two big ones first,
        # they take minutes.
        migrate("events"),
        migrate("orders"),  # since 2.4

        # migrate("legacy_users"),
        migrate("users"),
        # end of the list
    )
