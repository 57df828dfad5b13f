//! A report as texts to be read by eye: one for each user, with all of his rows, and one for each table of the run.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use csv::StringRecord;

use crate::support::{
    place::Tested,
    report::{Report, below, sha256},
};

/// Texts by file name.
pub(crate) type Texts = BTreeMap<String, String>;

/// Columns that a clock or the day's date decides, and what stands in place of their values.
const CLOCK_READINGS: [(&str, &str); 9] = [
    ("fetched_at", "<time>"),
    ("started_at", "<time>"),
    ("first_seen_at", "<time>"),
    ("elapsed_ms", "<ms>"),
    ("request_id", "<id>"),
    ("days_to_expiry", "<days>"),
    ("days_since_issue", "<days>"),
    ("days_since_verification", "<days>"),
    ("document_sha256", "<digest>"),
];

/// Columns that say of every row of a user the same, which the name of the file says.
const SAID_ELSEWHERE: [&str; 2] = ["run_id", "user_id"];

/// Statistics made of the readings of a clock.
const OF_THE_CLOCK: [&str; 6] = [
    "asking",
    "latencies",
    "latency_histogram",
    "latency_quantiles",
    "verification_age_quantiles",
    "verification_ages",
];

/// The longest value that is shown whole.
const LONGEST: usize = 400;
/// Of a longer list of rows only the first and the last are shown.
const MOST_ROWS: usize = 20;
/// The variable that, set to `write`, has the texts written instead of compared.
const SWITCH: &str = "KYC_RECON_GOLDEN";

/// The texts of a report: all that its CSV files and its statistics say.
pub(crate) fn texts(report: &Report) -> Result<Texts, Box<dyn Error>> {
    let mut texts = Texts::new();
    // `users` first: a user's own row opens his text.
    let mut tables = names(report, "csv/")?;
    tables.sort_by_key(|name| (name != "users", name.clone()));
    for name in tables {
        let (header, rows) = read(&report.path(format!("csv/{name}.csv")))?;
        if let Some(at) = header.iter().position(|column| column == "user_id") {
            let of_nobody = add_rows(&mut texts, &name, &header, &rows, at);
            if !of_nobody.is_empty() {
                texts.insert(format!("{name}.csv"), csv(&header, &of_nobody));
            }
        } else {
            texts.insert(format!("{name}.csv"), csv(&header, &rows.iter().collect::<Vec<_>>()));
        }
    }
    for name in names(report, "statistics/")? {
        if !OF_THE_CLOCK.contains(&name.as_str()) {
            let text = report.text(&format!("statistics/{name}.csv"))?.replace("\r\n", "\n");
            texts.insert(format!("statistics/{name}.csv"), text);
        }
    }
    Ok(texts)
}

/// The file of this user.
pub(crate) fn file_of(user: &str) -> String {
    format!("users/{user}.txt")
}

/// Compares with the texts in this folder, or writes them there if the environment says so.
pub(crate) fn assert_golden(folder: &Path, texts: &Texts) -> Tested {
    if std::env::var(SWITCH).is_ok_and(|word| word == "write") {
        return Ok(write(folder, texts)?);
    }
    let golden = stored(folder)?;
    let names = golden.keys().chain(texts.keys());
    let differing = names.filter(|name| golden.get(*name) != texts.get(*name));
    let mut lines: Vec<_> = differing.map(|name| difference(name, &golden, texts)).collect();
    lines.dedup();
    let hint = "`make golden` writes them anew; then read every line that changed";
    assert!(lines.is_empty(), "{}\n{hint}", lines.join("\n"));
    Ok(())
}

/// The first line in which two texts of this name differ.
fn difference(name: &str, golden: &Texts, texts: &Texts) -> String {
    let (Some(golden), Some(text)) = (golden.get(name), texts.get(name)) else {
        return format!("{name} is on one side only");
    };
    let same = golden.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(end)").to_owned();
    format!("{name}:{}\n  - {}\n  + {}", same + 1, line(golden), line(text))
}

fn write(folder: &Path, texts: &Texts) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for (name, text) in texts {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}

fn stored(folder: &Path) -> Result<Texts, Box<dyn Error>> {
    let files = below(folder)?.into_iter().filter(|path| path.is_file());
    let read = |path: PathBuf| {
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        Ok((name, fs::read_to_string(&path)?))
    };
    files.map(read).collect()
}

/// The CSV files of a folder of the report, by name.
fn names(report: &Report, folder: &str) -> io::Result<Vec<String>> {
    let name = |file: String| Some(file.strip_prefix(folder)?.strip_suffix(".csv")?.to_owned());
    Ok(report.files()?.into_iter().filter_map(name).collect())
}

fn read(path: &Path) -> csv::Result<(StringRecord, Vec<StringRecord>)> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    Ok((header, reader.records().collect::<csv::Result<_>>()?))
}

/// Adds the rows of a table to the texts of their users, and returns those that are nobody's.
fn add_rows<'r>(
    texts: &mut Texts,
    table: &str,
    header: &StringRecord,
    rows: &'r [StringRecord],
    user: usize,
) -> Vec<&'r StringRecord> {
    let mut owned: BTreeMap<&str, Vec<&StringRecord>> = BTreeMap::new();
    for row in rows {
        owned.entry(&row[user]).or_default().push(row);
    }
    let of_nobody = owned.remove("").unwrap_or_default();
    for (user, rows) in owned {
        let text = texts.entry(file_of(user)).or_default();
        for (number, row) in (1..).zip(&rows) {
            let is_shown = rows.len() <= MOST_ROWS || number <= 2 || number == rows.len();
            if is_shown {
                add_row(text, &prefix(table, number), header, row);
            } else if number == 3 {
                let _ = write!(text, "\n({} rows of {table} more)\n", rows.len() - 3);
            }
        }
    }
    of_nobody
}

/// What stands before the name of a column; nothing before those of `users`.
fn prefix(table: &str, number: usize) -> String {
    if table == "users" { String::new() } else { format!("{table}[{number}].") }
}

/// One line for each cell that is not null, and a blank line between rows.
fn add_row(text: &mut String, prefix: &str, header: &StringRecord, row: &StringRecord) {
    if !text.is_empty() {
        text.push('\n');
    }
    for (column, value) in header.iter().zip(row) {
        if !value.is_empty() && !SAID_ELSEWHERE.contains(&column) {
            let _ = writeln!(text, "{prefix}{column} = {}", shown(column, value));
        }
    }
}

/// A value on one line, and not too long for the eye.
fn shown(column: &str, value: &str) -> String {
    if let Some((_, placeholder)) = CLOCK_READINGS.iter().find(|(clock, _)| *clock == column) {
        return (*placeholder).to_owned();
    }
    if value.len() > LONGEST {
        let start: String = value.chars().take(60).collect();
        return format!("{start}… ({} bytes, SHA-256 {})", value.len(), &sha256(value)[..16]);
    }
    let is_plain = value.trim() == value && !value.contains(char::is_control);
    if is_plain { value.to_owned() } else { format!("{value:?}") }
}

fn csv(header: &StringRecord, rows: &[&StringRecord]) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| cells.collect::<Vec<_>>().join(",") + "\n";
    let mut text = line(&mut header.iter().map(str::to_owned));
    for row in rows {
        text += &line(
            &mut header.iter().zip(*row).map(|(column, value)| quoted(&shown_cell(column, value))),
        );
    }
    text
}

fn shown_cell(column: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { shown(column, value) }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
