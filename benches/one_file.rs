//! The parts of what is done with one file: `cargo bench --bench one_file`.

use std::path::Path;
use std::sync::Arc;

use asyncmend_pipeline::{Consent, Options, Outcome, Pipeline, PythonVersion, Settings, Source};
use asyncmend_transforms::{ALL, helpers};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// The files that `input.txt` lists, one after the other.
fn input() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read =
        |path: &str| std::fs::read_to_string(root.join(path)).expect("a file of this project");
    let listed = read("benches/input.txt");
    let texts: Vec<String> = listed.lines().map(read).collect();
    texts.join("\n\n")
}

fn options() -> Options {
    Options::new(PythonVersion::PY311, 88)
}

fn parsed(text: &str) -> Source<'static> {
    Source::parse(text.to_owned(), options()).expect("valid Python")
}

fn pipeline() -> Pipeline {
    let settings = Settings {
        options: options(),
        consent: Consent::default(),
        makers: Arc::default(),
        lays_out: false,
        lists_candidates: false,
        finish: helpers::finish,
    };
    Pipeline::new(ALL.to_vec(), settings)
}

fn mended(text: &str) -> String {
    match pipeline().run(text, None) {
        Outcome::Changed { after, .. } => after,
        _ => panic!("the input has sites"),
    }
}

#[divan::bench]
fn search(bencher: Bencher) {
    let (text, pipeline) = (input(), pipeline());
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| pipeline.may_have_sites(text.as_bytes()));
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let text = input();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| parsed(&text));
}

#[divan::bench]
fn bindings(bencher: Bencher) {
    let text = input();
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| parsed(&text))
        .bench_refs(|source| source.bindings().mention("asyncio"));
}

/// Finding and judging the sites of each transform, names resolved.
#[divan::bench(args = ["retain-task", "gather", "wait-for", "gather-cancelled"])]
fn find(bencher: Bencher, id: &str) {
    let transform = ALL.iter().find(|transform| transform.id == id);
    let find = transform.expect("a transform of that name").find;
    let text = input();
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| parsed(&text))
        .bench_refs(|source| find(source).len());
}

/// All of them in their order, with their edits applied and each result parsed.
#[divan::bench]
fn patch(bencher: Bencher) {
    let text = input();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| mended(&text));
}

#[divan::bench]
fn diff(bencher: Bencher) {
    let before = input();
    let after = mended(&before);
    bencher
        .counter(BytesCount::of_str(&before))
        .bench(|| asyncmend_edits::unified("input.py", &before, &after));
}
