-- Version 2: the weights of each run's best epoch, beside its newest checkpoints.
CREATE TABLE best_weights (
    sweep_id text NOT NULL,
    run int NOT NULL,
    epoch int NOT NULL,
    generation int NOT NULL,
    sha256 bytea NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (sweep_id, run)
);
ALTER TABLE best_weights ALTER COLUMN data SET STORAGE EXTERNAL;
