//! What asyncio has, what `from asyncio import *` takes, and which of that a star of another module may hide.

use crate::PythonVersion;

/// The members of `asyncio.__all__` on CPython 3.8 to 3.13, on Unix, by name.
pub(crate) const ALL: &[&str] = &[
    "ALL_COMPLETED",
    "AbstractChildWatcher",
    "AbstractEventLoop",
    "AbstractEventLoopPolicy",
    "AbstractServer",
    "Barrier",
    "BaseEventLoop",
    "BaseProtocol",
    "BaseTransport",
    "BoundedSemaphore",
    "BrokenBarrierError",
    "BufferedProtocol",
    "CancelledError",
    "Condition",
    "DatagramProtocol",
    "DatagramTransport",
    "DefaultEventLoopPolicy",
    "Event",
    "EventLoop",
    "FIRST_COMPLETED",
    "FIRST_EXCEPTION",
    "FastChildWatcher",
    "Future",
    "Handle",
    "IncompleteReadError",
    "InvalidStateError",
    "LifoQueue",
    "LimitOverrunError",
    "Lock",
    "MultiLoopChildWatcher",
    "PidfdChildWatcher",
    "PriorityQueue",
    "Protocol",
    "Queue",
    "QueueEmpty",
    "QueueFull",
    "QueueShutDown",
    "ReadTransport",
    "Runner",
    "SafeChildWatcher",
    "SelectorEventLoop",
    "Semaphore",
    "SendfileNotAvailableError",
    "Server",
    "StreamReader",
    "StreamReaderProtocol",
    "StreamWriter",
    "SubprocessProtocol",
    "SubprocessTransport",
    "Task",
    "TaskGroup",
    "ThreadedChildWatcher",
    "Timeout",
    "TimeoutError",
    "TimerHandle",
    "Transport",
    "WriteTransport",
    "_enter_task",
    "_get_running_loop",
    "_leave_task",
    "_register_task",
    "_set_running_loop",
    "_unregister_task",
    "all_tasks",
    "as_completed",
    "coroutine",
    "create_eager_task_factory",
    "create_subprocess_exec",
    "create_subprocess_shell",
    "create_task",
    "current_task",
    "eager_task_factory",
    "ensure_future",
    "gather",
    "get_child_watcher",
    "get_event_loop",
    "get_event_loop_policy",
    "get_running_loop",
    "iscoroutine",
    "iscoroutinefunction",
    "isfuture",
    "new_event_loop",
    "open_connection",
    "open_unix_connection",
    "run",
    "run_coroutine_threadsafe",
    "set_child_watcher",
    "set_event_loop",
    "set_event_loop_policy",
    "shield",
    "sleep",
    "start_server",
    "start_unix_server",
    "timeout",
    "timeout_at",
    "to_thread",
    "wait",
    "wait_for",
    "wrap_future",
];

/// Those of them that no other module of the standard library has.
pub(crate) const OF_ASYNCIO_ALONE: &[&str] = &[
    "all_tasks",
    "create_task",
    "current_task",
    "ensure_future",
    "gather",
    "get_event_loop",
    "get_running_loop",
    "new_event_loop",
    "run_coroutine_threadsafe",
    "shield",
    "to_thread",
    "wait_for",
    "wrap_future",
];

/// The version from which on asyncio has `member`; none of what goes again, or is rarely imported.
pub(crate) fn since(member: &str) -> Option<PythonVersion> {
    match member {
        "CancelledError"
        | "Event"
        | "Future"
        | "Lock"
        | "Queue"
        | "Semaphore"
        | "Task"
        | "TimeoutError"
        | "iscoroutinefunction"
        | "run"
        | "sleep"
        | "wait" => Some(PythonVersion::PY37),
        "to_thread" => Some(PythonVersion::PY39),
        "Runner" | "TaskGroup" | "Timeout" | "timeout" | "timeout_at" => Some(PythonVersion::PY311),
        "create_eager_task_factory" | "eager_task_factory" => Some(PythonVersion::PY312),
        _ => OF_ASYNCIO_ALONE
            .contains(&member)
            .then_some(PythonVersion::PY37),
    }
}
