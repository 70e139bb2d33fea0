class Scheduler:
    def names(self):
        from asyncio import gather

        return [gather.__name__]

    async def run(self, gather_jobs):
        gather = gather_jobs
        return await gather("nightly", "weekly")
