//! Writes the sample roster: `cargo run --example make_roster > input/users.csv`.
//!
//! 500 people of the sandbox's default seed, in a file as untidy as those that arrive in real life. What is wrong with
//! it on purpose is listed in `input/README.md`.

use std::io::{self, Write};

use kyc_recon::sandbox::{
    case::Case, chance::Chance, day::Day, fate::Fate, options::DEFAULT_SEED, population::user_id,
};
use sha2::{Digest, Sha256};

const PEOPLE: usize = 500;

fn main() -> io::Result<()> {
    let mut lines = vec!["user_id,email_hash,country,our_status,onboarded_on".to_owned()];
    for number in 0..PEOPLE {
        lines.push(styled(number, row(number)));
        lines.extend(mess_after(number));
    }
    let text = lines.iter().fold(String::from("\u{feff}"), |text, line| text + line + "\r\n");
    io::stdout().lock().write_all(text.as_bytes())
}

/// id, hash, country, status, day: what our own books say about one person.
fn row(number: usize) -> [String; 5] {
    let id = user_id(DEFAULT_SEED, number);
    let fate = Fate::of(DEFAULT_SEED, &id);
    // Our books know the right person also where the partner takes another for them.
    let known = if fate == Fate::WrongPerson { Fate::Approved } else { fate };
    let case = Case::of(DEFAULT_SEED, &id, known, Day::FIRST);
    let chance = &mut Chance::new(DEFAULT_SEED, "books", &id);
    let before = jiff::Span::new().days(i64::from(chance.below(21)));
    [
        id,
        email_hash(number),
        case.card.issuer.alpha2.to_owned(),
        our_status(fate, number).to_owned(),
        case.day().saturating_sub(before).to_string(),
    ]
}

fn email_hash(number: usize) -> String {
    let address = format!("person-{number}@example.invalid");
    let digest = Sha256::digest(address);
    digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Mostly what the partner decided; every 41st person has it otherwise in our books.
fn our_status(fate: Fate, number: usize) -> &'static str {
    let agreed = match fate {
        Fate::Rejected => "blocked",
        Fate::Review | Fate::Undecided | Fate::UnknownWord | Fate::Missing => "pending",
        _ => "active",
    };
    match (number % 41, agreed) {
        (40, "active") => "blocked",
        (40, _) => "active",
        _ => agreed,
    }
}

/// Most rows are plain, some quoted, some have spaces around the id.
fn styled(number: usize, row: [String; 5]) -> String {
    let [id, rest @ ..] = row;
    let rest = rest.join(",");
    match number {
        n if n % 60 == 30 => format!("  {id} ,{rest}"),
        n if n % 60 == 50 => format!("\"\t{id}  \",{rest}"),
        n if n % 25 == 7 => format!("\"{id}\",\"{}\"", rest.replace(',', "\",\"")),
        _ => format!("{id},{rest}"),
    }
}

/// What somebody's spreadsheet left between the rows.
fn mess_after(number: usize) -> Option<String> {
    let again = |other: usize| row(other).join(",");
    match number {
        52 => Some(again(11)),
        141 => Some(format!("   {}", again(98))),
        333 => Some(again(3).replace(",active,", ",blocked,")),
        199 => Some(String::new()),
        76 => Some(format!("{},{}", user_id(0, 1), email_hash(PEOPLE))),
        260 => Some(format!("{}\"7c-\"\"9,,MX;active;2026-0,\"3\",,,", &user_id(0, 2)[..13])),
        411 => Some(row(PEOPLE).join(",").replacen('-', " ", 1)),
        _ => None,
    }
}
