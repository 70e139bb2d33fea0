//! The pages of transforms, cautions and refusals.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, bail};
use asyncmend_pipeline::{Caution, Refusal, Transform};

use crate::names;

/// The page on `topic`: `wait-for`, `wait-for/zero-timeout`, or a code alone; without one, the list.
pub(crate) fn page(topic: Option<&str>) -> Result<String> {
    let Some(topic) = topic else {
        return Ok(list());
    };
    if let Some(transform) = names::transform(topic) {
        return Ok(with_line_end(transform.doc));
    }
    if Path::new(topic).exists() {
        bail!(
            "name a line of {topic}, such as `{topic}:12`; `asyncmend check {topic}` lists its sites"
        );
    }
    if let Some((name, code)) = topic.split_once('/') {
        return code_page(names::one(name)?, code);
    }
    let pages: Vec<String> = asyncmend_transforms::ALL
        .iter()
        .filter_map(|transform| reason(transform, topic))
        .collect();
    if pages.is_empty() {
        let codes = asyncmend_transforms::ALL.iter().flat_map(|it| codes(it));
        let known: Vec<&str> = names::transforms().chain(codes).collect();
        let nearest = names::nearest(topic, &known);
        let hint = nearest.map_or_else(String::new, |right| format!("; did you mean `{right}`?"));
        bail!("nothing is called `{topic}`{hint} (`asyncmend explain` lists everything)");
    }
    Ok(pages.join("\n"))
}

/// The transforms, each with its codes.
fn list() -> String {
    let mut out = String::new();
    for transform in asyncmend_transforms::ALL {
        let _ = writeln!(out, "{}: {}", transform.id, transform.summary);
        for caution in transform.cautions {
            let _ = writeln!(
                out,
                "  {:24}  caution, {}",
                caution.code,
                from_the_start(caution)
            );
        }
        for refusal in transform.refusals {
            let _ = writeln!(
                out,
                "  {:24}  left alone: {}",
                refusal.code, refusal.because
            );
        }
    }
    out
}

fn code_page(transform: &Transform, code: &str) -> Result<String> {
    if let Some(page) = reason(transform, code) {
        return Ok(page);
    }
    let known: Vec<&str> = codes(transform).collect();
    bail!(
        "{} has no caution and no reason called `{code}`{}",
        transform.id,
        names::remedy(code, &known)
    )
}

/// The page of one caution or refusal of `transform`.
fn reason(transform: &Transform, code: &str) -> Option<String> {
    let caution = transform
        .cautions
        .iter()
        .find(|caution| caution.code == code);
    let refusal = transform
        .refusals
        .iter()
        .find(|refusal| refusal.code == code);
    caution
        .map(|caution| caution_page(transform, caution))
        .or_else(|| refusal.map(|refusal| refusal_page(transform, refusal)))
}

fn caution_page(transform: &Transform, caution: &Caution) -> String {
    let Caution {
        code,
        what_differs,
        when,
        accepted,
    } = caution;
    let remedy = if *accepted {
        format!("hold such fixes back with `--reject {code}`")
    } else {
        format!("apply such fixes with `--accept {code}`")
    };
    format!(
        "# {}/{code}\n\nA caution: a way in which a fix may differ from the original.\n\n\
         - what may differ: {what_differs}\n\
         - when: {when}\n\
         - unless you say otherwise: {}\n\
         - what you can do: {remedy}\n\
         - for one site: `# asyncmend: ignore[{}]` on its line leaves it alone\n{}",
        transform.id,
        from_the_start(caution),
        transform.id,
        passage(transform, code),
    )
}

fn refusal_page(transform: &Transform, refusal: &Refusal) -> String {
    let code = refusal.code;
    format!(
        "# {id}/{code}\n\nA reason to leave a site alone.\n\n- why: {}\n- what you can do: {}\n\
         - to hear no more of a site: `# asyncmend: ignore[{id}]` on its line, which `asyncmend check \
         --add-ignores` writes\n{}",
        refusal.because,
        refusal.remedy,
        passage(transform, code),
        id = transform.id,
    )
}

/// What the page of the transform says of one of its codes, and what was observed, where it shows that.
fn passage(transform: &Transform, code: &str) -> String {
    let bullet = format!("- `{code}`");
    let lines = transform
        .doc
        .lines()
        .skip_while(|line| !line.starts_with(&bullet));
    let mut passage: Vec<&str> = Vec::new();
    for line in lines {
        let is_next = line.starts_with("- ") || line.starts_with('#');
        if is_next && !passage.is_empty() {
            break;
        }
        passage.push(line);
    }
    let text = passage.join("\n");
    let id = transform.id;
    let mut page = format!(
        "\n## From `asyncmend explain {id}`\n\n{}\n",
        text.trim_end()
    );
    if let Some(rows) = observed(transform, code) {
        let _ = write!(
            page,
            "\nWhat was observed, before (`-`) and after (`+`), on which versions of CPython:\n\n{rows}\n"
        );
    }
    page
}

/// The rows that the page of the transform shows for one of its codes: a block after a line that begins with it.
fn observed(transform: &Transform, code: &str) -> Option<String> {
    let lead_in = format!("`{code}`");
    let after = (transform.doc.lines()).skip_while(|line| !line.starts_with(&lead_in));
    let mut block = after.skip_while(|line| !line.starts_with("```"));
    let first = block.next()?;
    let rows: Vec<&str> = block.take_while(|line| *line != "```").collect();
    Some([&[first], &rows[..], &["```"]].concat().join("\n"))
}

fn from_the_start(caution: &Caution) -> &'static str {
    if caution.accepted {
        "accepted"
    } else {
        "held back"
    }
}

fn codes(transform: &Transform) -> impl Iterator<Item = &'static str> {
    let cautions = transform.cautions.iter().map(|caution| caution.code);
    let refusals = transform.refusals.iter().map(|refusal| refusal.code);
    cautions.chain(refusals)
}

fn with_line_end(text: &str) -> String {
    format!("{}\n", text.trim_end())
}
