from asyncio import Future, ensure_future


def settle(answer: Future, value):
    answer.set_result(value)
    ensure_future(answer)
