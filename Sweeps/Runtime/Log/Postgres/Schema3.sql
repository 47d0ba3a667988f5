-- Version 3: many machines means Orleans, so nothing uses the tables by which nodes found each other through the database.
DROP TABLE sweep_node, sweep_leader, sweep_command, sweep_reply;
