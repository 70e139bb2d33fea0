class Greeter:
    def __init__(self, bot):
        self.bot = bot

    def on_join(self, member):
        self.bot.loop.create_task(member.send("welcome"))
