# asyncmend: --target-version 3.10
import asyncio


async def overview(gateway, account):
    if account.active:
        balance, limits, history = await asyncio.gather(gateway.balance(account.number), gateway.limits(account.number), gateway.history(account.number))
        return balance, limits, history
    status, notes = await asyncio.gather(gateway.status(account), gateway.notes(acc=1))
    return status, notes
