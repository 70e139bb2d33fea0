# asyncmend: --target-version 3.12 --set gather.style=helper
import asyncio


class User:
    name: str = ""


class Group:
    size: int = 0


async def fetch[Model](kind: type[Model], key: int) -> "Model | None":
    return kind()


async def load() -> tuple[str, int]:
    user, group = await asyncio.gather(fetch(User, 1), fetch(Group, 2))
    assert user and group
    return user.name, group.size
