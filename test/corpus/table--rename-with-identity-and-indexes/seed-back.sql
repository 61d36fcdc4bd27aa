INSERT INTO ledgers (amount) SELECT n FROM generate_series(1, 20) n;
