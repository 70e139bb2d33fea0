import asyncio


class Report:
    @classmethod
    def build(cls, day):
        return asyncio.create_task(cls.collect(day))

    @classmethod
    def build_all(cls, days):
        for day in days:
            cls.build(day)
