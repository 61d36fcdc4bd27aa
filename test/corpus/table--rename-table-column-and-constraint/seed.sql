INSERT INTO accounts (amount) SELECT n FROM generate_series(1, 20) n;
