from asyncio import gather

from app.tracing import traced

gather = traced(gather)


async def audit(ledger, vault):
    return await gather(ledger.audit(), vault.audit())
