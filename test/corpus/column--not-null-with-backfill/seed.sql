INSERT INTO items SELECT n, 'name ' || n FROM generate_series(1, 50) n;
INSERT INTO items VALUES (99, NULL);
