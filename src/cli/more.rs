//! What the long help of a command says behind its flags.

pub(super) const PRECEDENCE: &str = "\
Settings come from flags, then from the environment (KYC_RECON_*), then from kyc-recon.toml, then from defaults.
The API key is never a flag: put it in KYC_RECON_API_KEY, in the file named by --api-key-file, or in systemd's
credential `kyc-recon-api-key`. [books], [gates] and [export.NAME] stand in kyc-recon.toml alone; the key of the pseudonyms in
exports is KYC_RECON_PSEUDONYM_KEY, or systemd's credential `kyc-recon-pseudonym-key`.

Exit status: 0 complete and published; 2 usage; 3 published but incomplete; 4 published, but a gate of
the settings failed; 10 another run holds the lock; 65 roster malformed, or a published run was altered; 66 roster, run or user
missing; 69 partner down; 70 a defect of kyc-recon; 73/74 cannot create output/I/O error; 75 quota, deadline or asked-for wait reached, run again; 77 credentials refused;
78 settings invalid; 130/143 interrupted, run again.";

pub(super) const REBUILT: &str = "\
The evidence is checked against the run's manifest first; what was altered is not derived from. The published run is only
read, and `latest` does not move. --policy and --format are taken from here alone, not from the environment or the
settings file: those are about the next run.

Exit status: 0 rebuilt; identical, or different because the policy, the formats or the version of kyc-recon are; 65 the
evidence was altered or is of another version, or it gives another report though nothing else changed; 66 there is no such
run; 73 the place is taken; 78 the policy does not fit.";

pub(super) const MERGED: &str = "\
The report is derived from the evidence of all shards by the path of `run`: who shares a number with whom, breaks, gates
and statistics are those of the whole roster. Policy, formats, books and gates are those of the shards, which must agree in
them, in roster, partner and version of kyc-recon.

Exit status: 0 complete and published, `latest` moved; 3, 4 as of `run`; 65 a shard was altered; 66 there is no such run;
78 a shard is missing, doubled, or of another job.";

pub(super) const STREAMED: &str = "\
The input has the columns of archive/responses.parquet, any rows of it in any order; `baseline_decision` and
`baseline_verdict` may stand beside them. The rows are derived by the code of `run`. What one row cannot tell is asked for
before: `census` gives the numbers by which users may be known to be one (`kind`, `hash`), and --census takes back how many
users of the whole run have each that repeats. Rows of `drift` are those of this stream, to be added up.
examples/spark/derive.py does all of it.

Exit status: 0 done; 65 the input is no such stream; 66 there is no certificate in --run; 78 the policy does not fit.";

pub(super) const VERIFIED: &str =
    "Exit status: 0 intact; 65 altered, each finding names its file; 66 there is no such run.";

pub(super) const PRUNED: &str = "\
A run stays, however old it is, while a file or directory named `hold` stands in its directory (what is in it is yours: say
why); while `latest` points to it; while a run that stays for a reason of its own, or one that is not finished, is compared
with it; and when it cannot be read or was altered, because then nobody knows how old it is. A run is gone as a whole, and
what was deleted is a line of `ledger.jsonl` in the reports directory, which `verify --ledger` checks. Answers that later
runs carried over stay in those.

Exit status: 0 done, also when nothing was old enough; 10 another run holds the lock; 74 the disk failed: the same command
again goes on.";
