from googleapiclient.tasks import client


def plan(board, title):
    client.tasks.create(title)
    board.create_task_list(title)
    board.create_tasks([title])
