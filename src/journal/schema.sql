-- The journal of one run, format 3. `position` is the user's place in the roster, from 1.
-- Times are microseconds since 1970-01-01 UTC.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE roster (
    position INTEGER PRIMARY KEY,
    line     INTEGER NOT NULL,
    user_id  TEXT NOT NULL UNIQUE,
    extra    TEXT NOT NULL          -- JSON array: the other columns of the line, in header order
) STRICT;

CREATE TABLE rejects (
    line   INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE TABLE attempts (
    position      INTEGER NOT NULL REFERENCES roster (position),
    number        INTEGER NOT NULL,  -- from 1, across sessions
    request_id    TEXT NOT NULL,
    started_at_us INTEGER NOT NULL,
    elapsed_ms    INTEGER NOT NULL,
    status        INTEGER,           -- null: a fault
    fault         TEXT,
    reason        TEXT NOT NULL,     -- how the attempt was ruled
    body_bytes    INTEGER,
    asked_wait_ms INTEGER,           -- the wait that the server asked for with this answer
    PRIMARY KEY (position, number),
    CHECK ((status IS NULL) <> (fault IS NULL))
) STRICT, WITHOUT ROWID;

-- In the order of arrival: so a commit writes the last pages only, and who is settled is read from an index, without a look
-- at the bodies.
CREATE TABLE outcomes (
    position     INTEGER NOT NULL UNIQUE REFERENCES roster (position),
    outcome      TEXT NOT NULL
                 CHECK (outcome IN ('answered', 'no_verification', 'denied', 'unreadable', 'exhausted')),
    reason       TEXT NOT NULL,
    number       INTEGER NOT NULL,   -- the attempt that settled it
    content_type TEXT,
    document_hash INTEGER,           -- of the number of the document, as a signed integer of the same bits: so who shares
                                     -- one is known without another look at the body
    tax_id_hash  INTEGER,            -- the same of the tax id
    body_lz4     BLOB,               -- the answer's body as received, compressed; null: no answer
    body_sha256  BLOB
) STRICT;

-- Answers of earlier runs, taken over when this run begins. One holds for a user as long as he has no outcome here.
CREATE TABLE carried (
    position      INTEGER PRIMARY KEY REFERENCES roster (position),
    run_id        TEXT NOT NULL,     -- the run that asked
    outcome       TEXT NOT NULL
                  CHECK (outcome IN ('answered', 'no_verification', 'denied', 'unreadable')),
    request_id    TEXT NOT NULL,
    started_at_us INTEGER NOT NULL,
    elapsed_ms    INTEGER NOT NULL,
    status        INTEGER,
    content_type  TEXT,
    body_lz4      BLOB,
    body_sha256   BLOB,
    is_final      INTEGER NOT NULL,  -- the partner has decided
    is_current    INTEGER NOT NULL   -- and lately: this run does not ask
) STRICT;

-- In a run that carries answers: whom it asks, one after the other.
CREATE TABLE turns (
    turn     INTEGER PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE REFERENCES roster (position)
) STRICT;

-- A sample of the answered, asked once more when all others have been asked.
CREATE TABLE rereads (
    position    INTEGER PRIMARY KEY REFERENCES roster (position),
    number      INTEGER,             -- the attempt that settled it; null: not asked again yet
    outcome     TEXT
                CHECK (outcome IN ('answered', 'no_verification', 'denied', 'unreadable', 'exhausted')),
    body_lz4    BLOB,
    body_sha256 BLOB,
    CHECK ((number IS NULL) = (outcome IS NULL))
) STRICT;

-- Each time the program asked for this run. What a killed session had in flight is not in `attempts`, but the
-- partner may have counted it.
CREATE TABLE sessions (
    number        INTEGER PRIMARY KEY,
    unseen        INTEGER NOT NULL,  -- as many requests can be missing from `attempts` if it is killed
    started_at_us INTEGER NOT NULL,
    closed        INTEGER NOT NULL DEFAULT 0
) STRICT;
