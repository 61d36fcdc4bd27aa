INSERT INTO ledgers (cents) SELECT n FROM generate_series(1, 20) n;
