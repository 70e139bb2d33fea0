import asyncio


async def fetch_issue(number):
    await asyncio.sleep(0)
    return number


async def board(tg, task, tasks, _gather_or_cancel=True):
    issue, epic = await asyncio.gather(fetch_issue(task), fetch_issue(tg))
    issue_task = tasks.get(issue)
    others = await asyncio.gather(*[fetch_issue(task) for task in tasks])
    return issue_task, epic, others, _gather_or_cancel
