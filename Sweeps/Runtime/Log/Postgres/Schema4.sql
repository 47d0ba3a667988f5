-- Version 4: the output of programs, a row per write, and pieces of checkpoints that are too large for one value.
CREATE TABLE run_output (
    sweep_id text NOT NULL,
    run int NOT NULL,
    position bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (sweep_id, run, position)
);

CREATE TABLE checkpoint_piece (
    sweep_id text NOT NULL,
    run int NOT NULL,
    epoch int NOT NULL,
    piece int NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (sweep_id, run, epoch, piece),
    FOREIGN KEY (sweep_id, run, epoch) REFERENCES checkpoint ON DELETE CASCADE
);
