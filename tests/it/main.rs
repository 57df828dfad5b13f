//! The job from outside: the built binary as a process, partners on loopback, reports read back from the disk.
//!
//! Every test has a place of its own and starts its own partner, so they run in any order and at the same time. The one
//! thing some of them share is a published report of `input/users.csv`, which nobody changes.

/// What the tests stand on.
mod support {
    pub(crate) mod place; // a temporary directory with a roster, and the command to run there
    pub(crate) mod job; // the process: started, signalled, killed, waited for
    pub(crate) mod pretend; // the sandbox partner, in this process
    pub(crate) mod tls; // a partner behind TLS, and who vouches for it
    pub(crate) mod proxy; // a proxy that notes what it is sent
    pub(crate) mod scripted; // a partner that does what a closure says, and notes every call
    pub(crate) mod report; // a published report, read by an independent reader
    pub(crate) mod twins; // two reports that must be the same but for the clock
    pub(crate) mod memory; // what the journal of an unfinished run has settled
    pub(crate) mod sample; // the shared report of input/users.csv
    pub(crate) mod hostile; // bodies that nobody should send
    pub(crate) mod tolerances; // forty answers that have to be tolerated, and what must come of each
    pub(crate) mod golden; // a report as texts to be read by eye, and compared with those that were
    pub(crate) mod expense; // work and memory, as the kernel counts them
}

/// Whole runs, from the roster to the end.
mod journey {
    mod first_run; // roster in, certified report out; the same again changes nothing
    mod kill; // kill -9 while asking and while deriving; the reports are the same
    mod chaos; // kill -9 at random instants of a run in hell: what `make certify` shows
    mod interrupt; // SIGINT and SIGTERM: say how to go on, and go on
    mod disk; // a disk that is full or not to be written
    mod brake; // a bad key, a dead partner, a wrong address stop the job early
    mod plan; // what a run would do, without asking or writing
    mod compare; // what changed between two published runs
    mod runs; // what is in the reports directory, also while a job is under way
    mod rebuild; // a published run derived again: the same bytes, or a reason
    mod certificate; // an equation that does not close, and nothing is published
    mod explain; // one user, from the request to the verdict
    mod verify; // every byte that was altered is found, and its file named
    mod sandbox_server; // the sandbox as a server of its own
    mod two_nights; // the same people on two days of the sandbox
    mod baseline; // nights that are compared: breaks, their age, and which run is compared with
    mod watchlists; // AML hits that come, go and were not seen before
    mod gates; // limits of the whole run, and what is to be done about each user
    mod campaign; // a roster too large for one night
    mod campaign_sources; // from which runs it carries
    mod exports; // files for others: what they show, and that nobody is missing
    mod bucket; // reports brought to another place: whole, or not there
    mod retention; // what is old is pruned, and the ledger knows all
    mod reread; // a sample that is asked once more at the end
    mod shards; // one roster in several processes, merged into one report
    mod derive_stream; // the rows of an archive, as other engines hand them over
}

/// One stage at a time, as far as it shows from outside; mirrors `src/`.
mod stage {
    mod roster; // delimiters, columns, standard input, rosters that cannot be used
    mod fetch; // faults, outcomes, redirects, waits asked for
    mod transport; // TLS, certificates of both sides, HTTP/2, proxies
    mod faults; // every fault of the sandbox by itself
    mod dialects; // every dialect in which a server tells about its quota
    mod rate; // the quota, counted at the server
    mod assess; // verdicts that must not be a pass
    mod hostile; // bytes that nobody should send; `make soak`
    mod golden; // a report of forty tolerances, every cell read by eye
}

/// What callers may rely on.
mod contract {
    mod exit_codes; // the table of exit statuses
    mod diagnostics; // what went wrong, why, what now
    mod settings; // flags, environment and file, in this order
    mod output; // --quiet, --json, --log-format
    mod privacy; // key and persons appear nowhere they should not; modes of files
    mod schema; // the dictionary in its forms, and the policy
    mod formats; // Parquet, CSV, statistics, manifest, against the catalogue
    mod groups; // verdicts by a column of the roster
    mod described; // what files say of themselves and of each other: footers, data package, schema of the summary
    mod watch; // metrics and pings: every end is told, and no token
    mod installed; // completions, manual, `make install`
    mod examples; // the crontab and the unit of examples/, run as cron and systemd would
}
