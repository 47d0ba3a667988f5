-- Version 5: the files that programs leave in SWEEP_OUT, in pieces, and archives of code that clients send with their sweeps.
CREATE TABLE run_artifact (
    sweep_id text NOT NULL,
    run int NOT NULL,
    path text NOT NULL,
    piece int NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (sweep_id, run, path, piece)
);

CREATE TABLE program_code (
    sha256 text PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    data bytea NOT NULL
);
-- The archives are compressed already.
ALTER TABLE program_code ALTER COLUMN data SET STORAGE EXTERNAL;
