//! The example files do what they say: their commands are taken from them and run by the shell, as cron and systemd do.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs, io,
    path::Path,
    process::{Command, Output},
};

use kyc_recon::sandbox::options::Options;

use crate::support::{
    job::KEY,
    place::{Place, Tested},
    pretend::Pretend,
};

const PEOPLE: [&str; 3] = ["approved-1", "rejected-1", "missing-1"];

#[test]
fn the_crontab_reconciles_once_a_night_and_mails_the_figures() -> Tested {
    let machine = Machine::set_up()?;
    let crontab = machine.example("cron/kyc-recon.cron")?;
    let [night, morning] = &crontab.commands[..] else { return Err("not two commands".into()) };

    let early = machine.run(morning, &crontab.variables)?;
    assert!(!early.status.success(), "the morning's mail tells when there was no night");

    for _call in 0..2 {
        let ended = machine.run(night, &crontab.variables)?;
        assert_eq!(said(&ended), "", "no news is no mail");
        assert!(ended.status.success(), "{ended:?}");
    }
    assert_eq!(machine.partner.settled_stats()?.requests, 3);
    let mail = said(&machine.run(morning, &crontab.variables)?);
    assert!(mail.starts_with("# KYC report 2"), "{mail}");
    let metrics = fs::read_to_string(machine.place.path("kyc-recon.prom"))?;
    assert!(metrics.contains("\nkyc_recon_exit_status 0\n"), "{metrics}");
    Ok(())
}

#[test]
fn the_crontab_mails_what_went_wrong_but_not_that_the_job_is_at_work() -> Tested {
    let machine = Machine::set_up()?;
    let crontab = machine.example("cron/kyc-recon.cron")?;
    let night = &crontab.commands[0];

    fs::create_dir_all(machine.place.path("reports/.work"))?;
    let lock = fs::File::create(machine.place.path("reports/.work/lock"))?;
    lock.lock()?;
    assert_eq!(said(&machine.run(night, &crontab.variables)?), "");
    drop(lock);

    fs::remove_file(machine.place.path("roster.csv"))?;
    let mail = said(&machine.run(night, &crontab.variables)?);
    assert!(mail.contains("roster.csv"), "{mail}");
    Ok(())
}

#[test]
fn the_unit_reconciles_with_the_key_from_its_credential() -> Tested {
    let machine = Machine::set_up()?;
    let unit = machine.text("systemd/kyc-recon.service")?;
    let (credential, file) =
        directive(&unit, "LoadCredential")?.split_once(':').ok_or("no path")?;
    fs::rename(file, machine.place.path(credential))?;

    let place = machine.place.path("").display().to_string();
    let variables = BTreeMap::from([("CREDENTIALS_DIRECTORY".to_owned(), place)]);
    let ended = machine.run(&started(&unit)?, &variables)?;
    assert!(ended.status.success(), "{ended:?}");
    let morning = machine.text("systemd/kyc-recon-morning.service")?;
    let figures = said(&machine.run(&started(&morning)?, &BTreeMap::new())?);
    assert!(figures.starts_with("# KYC report 2"), "{figures}");
    Ok(())
}

#[test]
fn the_regulators_file_has_the_columns_of_its_dictionary() -> Tested {
    let place = Place::with_roster(PEOPLE)?;
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/regulator");
    let job =
        place.run("night").args(["--sandbox", "--config"]).args([examples.join("kyc-recon.toml")]);
    let ended = job.env("KYC_RECON_PSEUDONYM_KEY", "0123456789abcdef0123456789abcdef").end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report = place.report("night");
    let dictionary = report.text("exports/regulator/dictionary.md")?;
    assert_eq!(dictionary, fs::read_to_string(examples.join("dictionary.md"))?);
    let files = report.files()?;
    let file = files.iter().find(|file| file.contains("KYC_"));
    let text = report.text(file.ok_or("no file")?)?;
    let header = text.lines().next().ok_or("no header")?;
    for column in header.split('|') {
        assert!(dictionary.contains(&format!("| `{column}` |")), "{column}");
    }
    assert_eq!(text.lines().count(), 3, "the approved and the rejected one");
    Ok(())
}

/// A machine as the README sets it up, below one directory, and a partner who is up.
struct Machine {
    place: Place,
    partner: Pretend,
}

/// What cron would run, and with which variables.
struct Crontab {
    variables: BTreeMap<String, String>,
    commands: Vec<String>,
}

impl Machine {
    fn set_up() -> Result<Self, Box<dyn Error>> {
        let options = Options { require_key: Some(KEY.to_owned()), ..Options::default() };
        let partner = Pretend::start(options)?;
        let machine = Self { place: Place::with_roster(PEOPLE)?, partner };
        let settings = machine.text("kyc-recon.toml")?;
        let asking = settings.replace("https://staging-api.capa.fi", &machine.partner.base_url());
        machine.place.write("kyc-recon.toml", asking.replace("#metrics_file", "metrics_file"))?;
        machine.place.write("key", KEY)?;
        Ok(machine)
    }

    /// An example file, with the directory of this test for those of a real machine.
    fn text(&self, name: &str) -> io::Result<String> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        let place = self.place.path("").display().to_string();
        let text = fs::read_to_string(file)?;
        let ours = ["/etc/kyc-recon/", "/var/lib/kyc-recon/", "/var/lib/prometheus/node-exporter/"];
        Ok(ours.iter().fold(text, |text, dir| text.replace(dir, &place)))
    }

    fn example(&self, name: &str) -> io::Result<Crontab> {
        let text = self.text(name)?;
        let (jobs, others): (Vec<&str>, Vec<&str>) = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .partition(|line| line.starts_with(|c: char| c.is_ascii_digit()));
        let variables = others.iter().filter_map(|line| line.split_once('='));
        Ok(Crontab {
            variables: variables.map(|(name, value)| (name.into(), value.into())).collect(),
            commands: jobs.into_iter().map(command).collect(),
        })
    }

    /// Runs a command by the shell, with the built program first in its path.
    fn run(&self, command: &str, variables: &BTreeMap<String, String>) -> io::Result<Output> {
        let programs = Path::new(env!("CARGO_BIN_EXE_kyc-recon")).parent();
        let programs = programs.ok_or_else(|| io::Error::other("the program is nowhere"))?;
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", command]).env_clear().envs(variables).current_dir(self.place.path(""));
        shell.env("PATH", format!("{}:/usr/bin:/bin", programs.display())).output()
    }
}

/// The command of a crontab's line: behind five fields of time and the user, with `\%` for a per cent sign.
fn command(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().skip(6).collect();
    words.join(" ").replace("\\%", "%")
}

fn directive<'unit>(unit: &'unit str, name: &str) -> Result<&'unit str, Box<dyn Error>> {
    let mut lines = unit.lines();
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    value.ok_or_else(|| format!("no {name}=").into())
}

/// What a unit starts: quoted as the shell quotes, with `%%` for a per cent sign.
fn started(unit: &str) -> Result<String, Box<dyn Error>> {
    Ok(directive(unit, "ExecStart")?.replace("%%", "%"))
}

/// What cron would mail.
fn said(ended: &Output) -> String {
    [&ended.stdout[..], &ended.stderr[..]].map(String::from_utf8_lossy).concat()
}
