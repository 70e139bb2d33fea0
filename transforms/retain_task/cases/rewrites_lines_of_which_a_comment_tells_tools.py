import asyncio


class Service:
    def join(self) -> None:
        asyncio.gather(self._executor.join(), self._round_trip_monitor.join(), now)  # type: ignore[name-defined]

    def start(self, one: int) -> None:
        asyncio.create_task(self._executor.join(one), name="a name that fills the line.")  # type: ignore
        print(one)

    def stop(self, one: int) -> None:
        asyncio.create_task(self._executor.join(one))  # type: ignore[no-untyped-call, no-any-return]
        asyncio.create_task(
            self._executor.join(one),
            name="stop",
        )  # noqa: FOO100
        print(one)
