-- Version 4: the output of programs, a row per write, and checkpoints in pieces, because a value has at most 1 GB.
CREATE TABLE run_output (
    sweep_id text NOT NULL,
    run int NOT NULL,
    position bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (sweep_id, run, position)
);
