import asyncio


class Mailer:
    @staticmethod
    def send(message) -> asyncio.Task:
        return asyncio.create_task(message.send())

    @classmethod
    def resend(cls, message) -> "asyncio.Task[bool]":
        task = asyncio.create_task(message.send(), name="resend")
        return task

    @classmethod
    def send_all(cls, messages):
        for message in messages:
            cls.send(message)

    def retry(self, message):
        self.resend(message)


def thank(message):
    Mailer.send(message)
    Mailer.resend(message)
