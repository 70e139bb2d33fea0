//! docs/monorepo.md: its commands, one after the other, in a repository with several packages and owners.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::cli::Project;
use crate::mailbox::git;
use crate::repository::root;

const BILLING: &str = "\
import asyncio

published = []


async def publish(order):
    await asyncio.sleep(0)
    published.append(order)


async def order(number):
    asyncio.create_task(publish(number))
    await asyncio.sleep(0.01)
    return number


async def both(one, two):
    return sum(await asyncio.gather(order(one), order(two)))
";

const TEST_BILLING: &str = "\
import asyncio
import unittest

import billing


class Orders(unittest.TestCase):
    def test_orders_are_published(self):
        self.assertEqual(asyncio.run(billing.both(1, 2)), 3)
        self.assertEqual(billing.published, [1, 2])
";

const MAIL: &str = "\
import asyncio


async def send(text):
    return len(text)


async def send_all(loop, texts):
    loop.create_task(send('begin'))
    return await asyncio.gather(*[send(text) for text in texts], return_exceptions=True)


async def send_soon(text):
    return await asyncio.wait_for(send(text), timeout=1)
";

const TEST_MAIL: &str = "\
import asyncio
import unittest

import mail


class Mail(unittest.TestCase):
    def test_mail_is_sent(self):
        self.assertEqual(asyncio.run(mail.send_soon('abc')), 3)
";

const QUEUE: &str = "\
import asyncio


async def work(job):
    return await job()


async def start(job):
    asyncio.create_task(work(job))
";

const TEST_QUEUE: &str = "\
import unittest

import jobs


class Jobs(unittest.TestCase):
    def test_it_can_be_imported(self):
        self.assertTrue(jobs.start)
";

fn repository() -> Project {
    let project = |name: &str| format!("[project]\nname = '{name}'\nrequires-python = '>=3.11'\n");
    let [billing, mail, queue] = ["billing", "mail", "queue"].map(project);
    let owners =
        "/services/billing/ @org/payments\n/services/mail/ @org/mail\n/libs/ @org/platform\n";
    let made = Project::new(&[
        ("repo/.github/CODEOWNERS", owners),
        ("repo/.gitignore", "__pycache__/\n"),
        ("repo/services/billing/pyproject.toml", &billing),
        ("repo/services/billing/billing.py", BILLING),
        ("repo/services/billing/test_billing.py", TEST_BILLING),
        ("repo/services/mail/pyproject.toml", &mail),
        ("repo/services/mail/mail.py", MAIL),
        ("repo/services/mail/test_mail.py", TEST_MAIL),
        ("repo/libs/queue/pyproject.toml", &queue),
        ("repo/libs/queue/jobs.py", QUEUE),
        ("repo/libs/queue/test_jobs.py", TEST_QUEUE),
    ]);
    let top = made.path("repo");
    git(&top, &["init", "-q", "-b", "main"]);
    git(&top, &["config", "user.name", "Ada"]);
    git(&top, &["config", "user.email", "ada@example.org"]);
    git(&top, &["add", "-A"]);
    git(&top, &["commit", "-q", "-m", "all"]);
    made
}

/// Runs a block as a shell that stops at the first failure.
fn run(project: &Project, script: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_asyncmend"));
    let folder = program.parent().expect("it lies in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("sh")
        .args(["-eu", "-c", script])
        .current_dir(project.path("repo"))
        .env("PATH", format!("{}:{path}", folder.display()))
        .env("HOME", project.path(""))
        .env_remove("VIRTUAL_ENV")
        .output()
        .expect("sh runs")
}

/// The blocks of the page, by the heading that they stand below.
fn blocks() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("docs/monorepo.md")).expect("the page");
    let mut blocks = Vec::new();
    for section in page.split("\n## ").skip(1) {
        let heading = section.lines().next().expect("a heading").to_owned();
        for block in section.split("\n```sh\n").skip(1) {
            let (block, _) = block.split_once("\n```").expect("an end");
            blocks.push((heading.clone(), block.to_owned()));
        }
    }
    blocks
}

#[test]
fn the_commands_of_the_page_lead_from_a_survey_to_a_clean_repository() {
    let project = repository();
    let blocks = blocks();
    assert_eq!(blocks.len(), 7);
    let mut said = Vec::new();
    for (heading, script) in &blocks {
        let ran = run(&project, script);
        let (out, errors) = (
            String::from_utf8_lossy(&ran.stdout).into_owned(),
            String::from_utf8_lossy(&ran.stderr).into_owned(),
        );
        assert!(
            ran.status.success(),
            "{heading}: {}\n{out}\n{errors}",
            ran.status
        );
        said.push((out, errors));
        if heading.starts_with("1.") {
            let survey: Value =
                serde_json::from_str(&project.read("mend/survey.json")).expect("JSON");
            assert_eq!(survey.as_array().map(Vec::len), Some(6));
        }
    }
    let (survey, accepted) = (&said[0].0, &said[1].0);
    assert!(survey.contains("1  retain-task  [held]"), "{survey}");
    assert!(accepted.contains("3  retain-task  [rewrite]"), "{accepted}");
    assert!(
        said[2].0.contains("--- a/services/billing/billing.py"),
        "{}",
        said[2].0
    );
    let titles = &said[3].0;
    for title in [
        "Mend uses of asyncio in code of @org/mail (2 sites)",
        "Keep references to asyncio tasks in code of @org/platform (1 site)",
    ] {
        assert!(titles.contains(title), "{titles}");
    }
    let top = project.path("repo");
    assert_eq!(git(&top, &["status", "--porcelain"]), "");
    assert_eq!(
        git(&top, &["branch", "--format=%(refname:short)"]),
        "main\n"
    );
    let log = git(&top, &["log", "--format=%s"]);
    assert_eq!(log.lines().count(), 6, "{log}");
    let baseline = project.read("repo/asyncmend-baseline.json");
    assert_eq!(baseline.lines().count(), 1, "{baseline}");
    // What comes from now on is seen.
    let new = format!("{QUEUE}\n\nasync def again(job):\n    asyncio.create_task(work(job))\n");
    project.write("repo/libs/queue/more.py", new.as_bytes());
    let (_, script) = blocks.last().expect("a block");
    let checks = script
        .lines()
        .filter(|line| line.starts_with("asyncmend check"));
    let checks: Vec<&str> = checks
        .filter(|line| !line.contains("--output-file"))
        .collect();
    assert_eq!(checks.len(), 2);
    for check in checks {
        let ran = run(&project, check);
        assert_eq!(ran.status.code(), Some(1), "{check}");
        let out = String::from_utf8_lossy(&ran.stdout);
        assert!(out.contains("more.py") && !out.contains("mail.py"), "{out}");
    }
    assert!(
        fs::read_to_string(root().join("docs/monorepo.md"))
            .expect("the page")
            .lines()
            .count()
            < 150
    );
}
