import asyncio


async def rows(db, day):
    try:
        result = await asyncio.wait_for(db.fetch(f"""
select *
  from sales
 where day = '{day}'"""), 30)
    finally:
        db.close()
    return result
