import asyncio


async def send_mail(address):
    await asyncio.sleep(0)
    return address


async def remind(customers):
    tasks = []
    for customer in customers:
        if customer.overdue:
            tasks.append(send_mail(customer.address))
    await asyncio.gather(*tasks)
