//! Sets of tasks at which other files of the project look.

use crate::cli::Project;

const FLOW: &str = "\
import asyncio

_flow_tasks = set()


def start(job):
    task = asyncio.create_task(job())
    _flow_tasks.add(task)
    task.add_done_callback(_flow_tasks.discard)


async def on_event(job):
    asyncio.create_task(job())
    await asyncio.sleep(0)
";

const CONFIG: (&str, &str) = (
    "pyproject.toml",
    "[project]\nname = 'app'\nrequires-python = '>=3.11'\n",
);

/// What `app/flow.py` becomes beside `app/main.py` with this text.
fn mended_beside(text: &str) -> String {
    let project = Project::new(&[CONFIG, ("app/flow.py", FLOW), ("app/main.py", text)]);
    project.run(&["fix"]);
    assert_eq!(project.run(&["diff"]).status, 0);
    project.read("app/flow.py")
}

#[test]
fn a_set_is_not_filled_whose_tasks_another_file_awaits() {
    for text in [
        "from app import flow\n\n\nasync def stop():\n    for task in flow._flow_tasks:\n        task.cancel()\n",
        "async def stop():\n    from app.flow import _flow_tasks\n\n    _flow_tasks.clear()\n",
    ] {
        let mended = mended_beside(text);
        assert!(mended.contains("_background_tasks.add(task)"), "{mended}");
    }
}

#[test]
fn a_set_of_that_name_in_another_file_is_no_reader() {
    let mended = mended_beside(&format!("from app import flow\n{FLOW}"));
    assert!(!mended.contains("_background_tasks"), "{mended}");
    assert_eq!(mended.matches("_flow_tasks.add(task)").count(), 2);
}
