class Board:
    def __init__(self, client):
        self.client = client

    def plan(self, title):
        task = self.client.create_task(title)
        print(f"created {task}")

    def plan_with_owner(self, title, owner):
        task = self.client.create_task(title)
        task.owner = owner
        assert task
