//! Rows of an archive through `derive-stream`. What comes out is held against the tables by `make interop-spark`.

use crate::support::{
    place::{Place, Tested},
    sample::sample,
};

#[test]
fn what_cannot_be_derived_is_refused_with_its_status() -> Tested {
    let report = sample()?.report.path("");
    let place = Place::new()?;
    place.write("census.csv", "kind,hash,users\nshoe_size,1,2\n")?;
    for (run, flags, code, said) in [
        (report.as_path(), &["warnings"][..], 65, "the Arrow stream on standard input broke"),
        (report.as_path(), &["users"], 2, "--census"),
        (
            report.as_path(),
            &["users", "--census", "census.csv"],
            65,
            "`shoe_size` is no kind of number",
        ),
        (&place.path("nowhere"), &["warnings"], 66, "no published run"),
        (report.as_path(), &["breaks"], 2, "possible values"),
    ] {
        let job =
            place.command(["derive-stream"]).args(flags).args(["--run".as_ref(), run.as_os_str()]);
        let ended = job.input("no stream").end()?;
        assert_eq!(ended.code, Some(code), "{flags:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(said) && ended.stdout.is_empty(), "{}", ended.stderr);
    }
    Ok(())
}
