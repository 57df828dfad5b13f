//! The floor plan, kept true: who may import whom inside the crate, and behind which door each library lives.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

/// Module, and what it may name by a `crate::` path. Every row names only rows below it, so there is no cycle.
const FLOOR_PLAN: &[(&str, &[&str])] = &[
    ("main", &["cli", "commands", "console", "settings"]),
    (
        "commands",
        &[
            "cli",
            "settings",
            "error",
            "console",
            "roster",
            "fetch",
            "journal",
            "flatten",
            "assess",
            "tally",
            "reconcile",
            "report",
            "bucket",
            "sandbox",
            "kyc",
            "model",
            "disk",
            "clock",
        ],
    ),
    ("console", &["cli", "settings", "error", "reconcile", "report", "model", "clock"]),
    (
        "error",
        &[
            "settings", "roster", "fetch", "journal", "assess", "tally", "report", "bucket",
            "model", "disk", "clock",
        ],
    ),
    (
        "settings",
        &[
            "cli",
            "roster",
            "fetch",
            "assess",
            "reconcile",
            "report",
            "bucket",
            "sandbox",
            "kyc",
            "model",
        ],
    ),
    ("cli", &["sandbox", "kyc", "model"]),
    ("roster", &["model"]),
    ("fetch", &["kyc", "model", "clock"]),
    ("journal", &["model", "clock"]),
    ("flatten", &["kyc", "model"]),
    ("assess", &["kyc", "model"]),
    ("tally", &["kyc", "model"]),
    ("reconcile", &["kyc", "model"]),
    ("report", &["kyc", "model", "disk"]),
    ("bucket", &["model", "disk"]),
    ("sandbox", &["model"]),
    ("disk", &["model"]),
    ("kyc", &["model"]),
    ("clock", &[]),
    ("model", &[]),
];

/// Library, and the one place (a file or a folder below `src/`) that may name it.
const DOORS: &[(&str, &str)] = &[
    ("reqwest", "fetch/http.rs"),
    ("hyper_util", "fetch/proxy.rs"),
    ("fs4", "disk.rs"),
    ("governor", "fetch/throttle.rs"),
    ("sfv", "fetch/structured.rs"),
    ("rusqlite", "journal"),
    ("object_store", "bucket"),
    ("indicatif", "console"),
    ("axum", "sandbox"),
    ("minijinja", "report"),
    ("arrow_array", "report/stream"),
    ("arrow_ipc", "report/stream"),
    ("polars_arrow", "report/waiting.rs"),
    ("polars_parquet_format", "report"),
    ("anstream", "console"),
    ("secrecy", "model/secret.rs"),
    ("clap_mangen", "commands/man.rs"),
    ("keshvar", "kyc/country.rs"),
    ("sqlparser", "assess/syntax"),
    ("ring::hmac", "report/export/pseudonym.rs"),
];

#[test]
fn modules_import_only_what_the_floor_plan_allows() -> io::Result<()> {
    let plan: BTreeMap<_, BTreeSet<_>> =
        FLOOR_PLAN.iter().map(|(name, may)| (*name, may.iter().copied().collect())).collect();
    let mut broken = Vec::new();
    for (file, code) in sources()? {
        let module = module(&file);
        if module == "lib" {
            continue;
        }
        let may = plan
            .get(module.as_str())
            .ok_or_else(|| io::Error::other(format!("{module} is not in the floor plan")))?;
        for named in crate_paths(&code).into_iter().filter(|named| *named != module) {
            if !may.contains(named.as_str()) {
                broken.push(format!("{}: {module} names {named}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "against the floor plan:\n{}", broken.join("\n"));
    Ok(())
}

#[test]
fn the_floor_plan_has_no_cycle() {
    for (row, (name, may)) in FLOOR_PLAN.iter().enumerate() {
        for other in *may {
            let below = FLOOR_PLAN[row + 1..].iter().any(|(name, _)| name == other);
            assert!(below, "{name} may name {other}, which does not stand below it");
        }
    }
}

#[test]
fn each_library_stays_behind_its_door() -> io::Result<()> {
    let mut outside = Vec::new();
    for (file, code) in sources()? {
        for (library, door) in DOORS {
            if code.contains(&format!("{library}::")) && !file.starts_with(door) {
                outside.push(format!("{} names {library}, whose door is {door}", file.display()));
            }
        }
    }
    assert!(outside.is_empty(), "{}", outside.join("\n"));
    Ok(())
}

#[test]
fn the_reader_of_imports_sees_what_it_should() {
    let code = "use crate::{model::ids, kyc::{a, b},\n disk};\nlet x = crate::clock::now(); // crate::fetch\n";
    let seen: Vec<_> = crate_paths(&without_comments(code)).into_iter().collect();
    assert_eq!(seen, ["clock", "disk", "kyc", "model"]);
}

/// Every source file below `src/`, by its path there, without comments.
fn sources() -> io::Result<Vec<(PathBuf, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let file = path.strip_prefix(&root).map_err(io::Error::other)?.to_owned();
                found.push((file, without_comments(&fs::read_to_string(&path)?)));
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    Ok(found)
}

fn without_comments(code: &str) -> String {
    code.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// The top-level module of a file: its folder, or its own name.
fn module(file: &Path) -> String {
    let first = file.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules named right after `crate::`, also in a group `crate::{…}`.
fn crate_paths(code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            Some(group) => named.extend(members(group)),
            None => named.extend(word(after)),
        }
    }
    named
}

/// The first word of each member of a group, up to the brace that closes it.
fn members(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut starts = true;
    let mut found = Vec::new();
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => starts = true,
            _ if starts && !letter.is_whitespace() => {
                found.extend(word(&group[at..]));
                starts = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}
