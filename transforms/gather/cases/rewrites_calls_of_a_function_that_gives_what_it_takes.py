# asyncmend: --target-version 3.9 --set gather.style=helper
import asyncio
import datetime
from typing import Optional


class User:
    friend: "Optional[User]" = None


class Users:
    async def friend(self, user: User, at: Optional[datetime.date]) -> Optional[User]:
        return user.friend

    async def friends(self, one: User, other: User) -> Optional[User]:
        first, second = await asyncio.gather(
            self.friend(one, None), self.friend(other, None)
        )
        return first or second
