"""What stands in the way of each target that is not met; shares of CPU are by `perf record -g`, run by hand."""

OBSTACLES = {
    "1 fetch": "reqwest alone, throwing away what it brings, takes 1.4 times oha's CPU (tried by hand). A third of ours is the "
    "journal's writer (commits, checkpoints, LZ4, SHA-256), an eighth judging the answer's form and reading its numbers, which a "
    "run does here once and not again when it derives; most of the rest is reqwest, hyper and the kernel.",
    "1 whole job": "What is done for each user beside asking is spread thin: the journal's writer 14 % of the whole job, reading "
    "it back with digests checked 5 %, flattening into five tables 15 %, zstd of tables and archive 7 %, CSV of every table "
    "4 %, SHA-256 of bodies and files 5 %; no function of ours takes more than 3 %. All of it is promised (journal, evidence, "
    "checks, both formats), so none of it can be left out.",
    "1 the script": "The script keeps no journal and no evidence, checks nothing, and writes one flat table where ours "
    "writes thirteen in two formats.",
    "5 ": "Deriving begins when the last answer is there, because who shares a document number with whom is known only then. It "
    "costs more CPU than asking, and asking uses a second core as well (the journal's writer has it), so the ratio is "
    "about what it is on one.",
    "2 flatten": "The ceiling parses and throws away. Ours scans each document twice, as `rebuild` does (the census of shared "
    "numbers, then the walk; a run has the numbers from its journal), checks the grammar byte for byte in safe code, keeps the "
    "raw text beside each typed cell, and derives some eighty columns; about a quarter of the time is the scan, a quarter the "
    "walk, a fifth deriving, an eighth filling columns.",
    "the sandbox: requests": "30,000 a second were asked of a machine on which oha takes 17 µs for a request; the next row holds the "
    "sandbox against oha on this one. Two fifths of its CPU write the document of each user anew, a third is the kernel's.",
    "2 rebuild": "DuckDB writes one flat table. `rebuild` reads the archive twice, holds every body against its digest, writes "
    "thirteen tables as Parquet and as CSV, judges, computes the statistics, and hashes every file.",
    "7 release build": "The minutes are those of an hour: the same build took half as long again two hours later on the same "
    "machine, and so did cargo's own, so only the share says much. Nearly half of it is polars, a ninth our own crate, an eighth "
    "C (jemalloc, SQLite, zstd). Of what is large only the hot crates are built for speed of running; without the optimiser for "
    "those, targets above would move away.",
    "7 `make demo`": "Next to nothing is optimised in it. Two fifths of it is polars, an eighth jemalloc, whose own build compiles each of "
    "its files three times; the last half minute, our own crate and the linker, has one core to itself.",
}
UNKNOWN = "Not looked into yet."


def obstacles(targets):
    """A list of Markdown, a line for each kind of target that is not met."""
    missed = [target.what for target in targets if target.met is False]
    ways = {begin: way for begin, way in OBSTACLES.items() if any(what.startswith(begin) for what in missed)}
    ways |= {what: UNKNOWN for what in missed if not what.startswith(tuple(OBSTACLES))}
    lines = [f"- *{begin.strip()}*: {way}" for begin, way in ways.items()]
    return "\n".join(["What stands in the way:", "", *lines]) + "\n" if lines else ""
