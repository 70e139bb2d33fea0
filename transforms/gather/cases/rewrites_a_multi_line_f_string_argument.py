# asyncmend: --target-version 3.9
import asyncio


async def report(db, day):
    if day:
        sales, returns = await asyncio.gather(
            db.fetch(f"""
select *
  from sales
 where day = '{day}'
"""),
            db.fetch(
                f"select * from returns "
                f"where day = '{day}'"
            ),
        )
        return sales, returns
