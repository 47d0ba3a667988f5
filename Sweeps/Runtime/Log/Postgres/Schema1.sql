-- The tables of a PostgreSQL store, version 1. Applied by `sweep store init`, once, under a lock.

-- The only truth: what happened, in order. The primary key makes an append a compare-and-swap.
CREATE TABLE sweep_event (
    sweep_id text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    PRIMARY KEY (sweep_id, seq)
);

-- Which sweeps there are, and which of them may have work, without reading every event.
CREATE INDEX sweep_event_milestone ON sweep_event (sweep_id, seq)
    WHERE type IN ('sweep_created', 'sweep_steered', 'sweep_ended');

-- A cache of the folded log. Losing it costs only time.
CREATE TABLE sweep_snapshot (
    sweep_id text PRIMARY KEY,
    seq bigint NOT NULL,
    payload bytea NOT NULL
);

-- The generation that may write checkpoints of a run.
CREATE TABLE run_fence (
    sweep_id text NOT NULL,
    run int NOT NULL,
    generation int NOT NULL,
    PRIMARY KEY (sweep_id, run)
);

CREATE TABLE checkpoint (
    sweep_id text NOT NULL,
    run int NOT NULL,
    epoch int NOT NULL,
    generation int NOT NULL,
    sha256 bytea NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (sweep_id, run, epoch)
);
-- Weights do not compress.
ALTER TABLE checkpoint ALTER COLUMN data SET STORAGE EXTERNAL;

-- Data sets for nodes that have neither the files nor a way to the data set's address.
CREATE TABLE dataset (
    name text NOT NULL,
    file text NOT NULL,
    sha256 bytea NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (name, file)
);
ALTER TABLE dataset ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- PostgreSQL nodes: who is there, who leads a sweep, and the questions and answers between them. Unlogged: after a crash of the
-- database everybody introduces himself and asks again.
CREATE UNLOGGED TABLE sweep_node (
    node text PRIMARY KEY,
    slots int NOT NULL,
    busy int NOT NULL,
    draining boolean NOT NULL,
    drain_requested boolean NOT NULL DEFAULT false,
    since timestamptz NOT NULL DEFAULT now(),
    seen timestamptz NOT NULL DEFAULT now()
);
CREATE UNLOGGED TABLE sweep_leader (
    sweep_id text PRIMARY KEY,
    node text NOT NULL,
    until timestamptz NOT NULL
);
CREATE UNLOGGED TABLE sweep_command (
    id uuid PRIMARY KEY,
    sweep_id text NOT NULL,
    command text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sweep_command_sweep ON sweep_command (sweep_id);
CREATE UNLOGGED TABLE sweep_reply (
    id uuid PRIMARY KEY,
    reply text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
