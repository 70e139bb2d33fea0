import asyncio


async def notify(customers, text):
    asyncio.gather(*(
        # a slow customer must not hold up the others
        asyncio.wait_for(customer.send(text), 5) for customer in customers
    ))


async def notify_two(first, second, text):
    asyncio.gather(asyncio.wait_for(first.send(text), timeout=5), second.send(text))
