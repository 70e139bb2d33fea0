import asyncio


async def place_order(order, mailer):
    if task := asyncio.create_task(mailer.confirm(order)):
        print(f"started {task}")


async def cancel_order(order, mailer):
    print(task := asyncio.create_task(mailer.cancel(order)))
    task.set_name("cancel")
