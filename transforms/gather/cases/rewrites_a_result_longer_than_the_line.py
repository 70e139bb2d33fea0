import asyncio


class Dashboard:
    async def load_recent_transactions(self, account_id, currency):
        return []

    async def load_pending_transfers(self, account_id, currency):
        return []

    async def show(self, account_identifier, preferred_currency):
        self.recent_transactions, self.pending_transfers = await asyncio.gather(
            self.load_recent_transactions(account_identifier, preferred_currency),
            self.load_pending_transfers(account_identifier, preferred_currency),
        )
