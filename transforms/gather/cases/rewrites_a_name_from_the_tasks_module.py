# asyncmend: --target-version 3.10
from asyncio.tasks import gather


async def total(ledger, accounts):
    balances = await gather(*(ledger.balance(account) for account in accounts))
    return sum(balances)
