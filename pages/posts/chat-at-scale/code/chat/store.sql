-- region tables
CREATE TABLE IF NOT EXISTS message (
    room   TEXT NOT NULL,
    seq    INTEGER NOT NULL CHECK (seq > 0),
    sender TEXT NOT NULL,
    device TEXT NOT NULL,
    n      INTEGER NOT NULL CHECK (n > 0),
    text   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (room, seq),
    UNIQUE (room, sender, device, n)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS member (
    room  TEXT NOT NULL,
    user  TEXT NOT NULL,
    since INTEGER NOT NULL,  -- messages after this one are visible
    read  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room, user)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS outbox (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL
);
-- endregion tables
