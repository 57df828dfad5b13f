//! What comes with the program: completions and manual, made from the same commands and flags; and where `make install` puts
//! all of it.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use clap::CommandFactory as _;
use kyc_recon::cli::Cli;

use crate::support::{
    job::Job,
    place::{Place, Tested},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kyc-recon");

fn commands() -> Vec<String> {
    Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

#[test]
fn completions_and_manual_name_every_command() -> Tested {
    let place = Place::new()?;
    for arguments in
        [&["completions", "bash"][..], &["completions", "zsh"], &["completions", "fish"], &["man"]]
    {
        let ended = place.command(arguments).end()?;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        // In a page of the manual a hyphen stands behind a backslash.
        let text = ended.stdout.replace('\\', "");
        for command in commands() {
            assert!(text.contains(&command), "{arguments:?}: {command}");
        }
    }
    assert_eq!(place.command(["completions", "nosuchshell"]).end()?.code, Some(2));
    assert_eq!(place.command(["man", "--out", "nowhere"]).end()?.code, Some(73));
    Ok(())
}

#[test]
fn bash_completes_a_command() -> Tested {
    let place = Place::new()?;
    place.write("script", place.command(["completions", "bash"]).end()?.stdout)?;
    let typed = "source ./script; COMP_WORDS=(kyc-recon ver) COMP_CWORD=1; \
                 _kyc__recon kyc-recon ver kyc-recon; echo \"${COMPREPLY[*]}\"";
    let said = Command::new("bash").args(["-c", typed]).current_dir(place.path("")).output()?;
    assert_eq!(String::from_utf8_lossy(&said.stdout), "verify\n");
    Ok(())
}

#[test]
fn make_install_puts_program_manual_and_completions_where_they_are_found() -> Tested {
    let place = Place::new()?;
    let (staged, program) = (place.path("staged"), format!("BINARY={PROGRAM}"));
    let installed = Command::new("make")
        .args(["--silent", "install", "PREFIX=/usr", &program])
        .arg(format!("DESTDIR={}", staged.display()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    assert!(installed.status.success(), "{installed:?}");

    let usr = staged.join("usr");
    let mode = |path: &Path| fs::metadata(path).map(|found| found.permissions().mode() & 0o777);
    assert_eq!(mode(&usr.join("bin/kyc-recon"))?, 0o755);
    let pages = commands().into_iter().map(|name| format!("share/man/man1/kyc-recon-{name}.1"));
    let others = [
        "share/man/man1/kyc-recon.1",
        "share/bash-completion/completions/kyc-recon",
        "share/zsh/site-functions/_kyc-recon",
        "share/fish/vendor_completions.d/kyc-recon.fish",
    ];
    for file in pages.chain(others.map(str::to_owned)) {
        let path = usr.join(&file);
        assert!(fs::read_to_string(&path)?.contains("kyc"), "{file}");
        assert_eq!(mode(&path)?, 0o644, "{file}");
    }
    let page = fs::read_to_string(usr.join("share/man/man1/kyc-recon-run.1"))?.replace('\\', "");
    assert!(page.contains("KYC_RECON_METRICS_FILE") && page.contains("Exit status"), "{page}");
    assert!(Job::new(&staged, ["--version"]).end()?.stdout.starts_with("kyc-recon "));
    Ok(())
}
