import asyncio


def notify(user, what):
    return asyncio.create_task(user.send(what))


def on_follow(user, author):
    notify(author, "follower") if author.wants_mail else author.count()
    user.is_new and notify(user, "welcome")
    user.is_known or (notify(user, "hello"))
