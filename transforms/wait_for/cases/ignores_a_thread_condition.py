import threading


class Buffer:
    def __init__(self):
        self.filled = threading.Condition()
        self.items = []

    def take(self):
        with self.filled:
            self.filled.wait_for(lambda: self.items, timeout=5)
            return self.items.pop()
