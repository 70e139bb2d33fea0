from aiotools import gather
from gidgethub.batch import gather as gather_pages


async def load(api):
    users = await gather(api.users(), api.teams())
    return users, await gather_pages(api.issues(), api.pulls())
